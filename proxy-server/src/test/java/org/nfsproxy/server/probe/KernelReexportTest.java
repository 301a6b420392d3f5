package org.nfsproxy.server.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelReexportTest {
  @ParameterizedTest
  @CsvSource({
    "8, 32, v2 v3 v4",
    "28, 52, v3 v4",
    "42, 64, v3 v4",
    "43, 68, v4",
    "106, 128, v4",
    "107, 132, none"
  })
  void handle_growsBy22RoundedToFour(int origin, int bytes, String fits) {
    assertEquals(bytes, KernelReexport.handleBytes(origin));
    assertEquals(fits, KernelReexport.fits(origin));
  }

  // What findings say of the proxy's defaults is what its keys say.
  @Test
  void defaults_areThoseOfTheReference() throws IOException {
    String reference = Files.readString(Path.of("../docs/reference/configuration.md"));
    assertTrue(
        reference.contains("`limits.recordBytesMax` | `" + FilesystemFindings.RECORD_BYTES_MAX));
    assertTrue(reference.contains("`calls.verifiesMax` | `" + SessionFindings.VERIFIES_MAX + "`"));
  }
}
