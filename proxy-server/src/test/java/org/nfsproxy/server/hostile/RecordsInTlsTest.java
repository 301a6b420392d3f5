package org.nfsproxy.server.hostile;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

// The same as RecordsTest, inside TLS.
class RecordsInTlsTest extends ClientRecords {
  RecordsInTlsTest(@TempDir Path folder) throws Exception {
    super(Reached.insideTls(folder));
  }
}
