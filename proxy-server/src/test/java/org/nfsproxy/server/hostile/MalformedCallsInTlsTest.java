package org.nfsproxy.server.hostile;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

// The same as MalformedCallsTest, inside TLS.
class MalformedCallsInTlsTest extends MalformedCalls {
  MalformedCallsInTlsTest(@TempDir Path folder) throws Exception {
    super(Reached.insideTls(folder), AUTH_BADCRED);
  }
}
