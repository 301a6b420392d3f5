package org.nfsproxy.server.fakes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files with a token, for their user alone. */
public final class TokenFiles {
  private TokenFiles() {}

  /**
   * Puts a token where it is looked for, by renaming.
   *
   * @param text all that is in the file
   * @return the file, the same for each folder
   */
  public static Path write(Path folder, String text) throws IOException {
    Path newer =
        Files.createTempFile(
            folder,
            "token",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(newer, text, StandardCharsets.UTF_8);
    return Files.move(newer, folder.resolve("token"), StandardCopyOption.REPLACE_EXISTING);
  }
}
