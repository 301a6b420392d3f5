package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.backend.coordinated.kernel.KernelSettings.Place;
import org.nfsproxy.configuration.Problem;
import org.nfsproxy.configuration.Section;

class CoordinatedSettingsTest {
  @TempDir Path folder;

  private static List<String> problems(String filesystems) {
    Section all = new Section(new JsonObject("{\"backend\":{" + filesystems + "}}"));
    CoordinatedSettings.read(all.section("backend"));
    return all.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void filesystems_thatAreRight_areRead_withTheDefaults() {
    Section all =
        new Section(
            new JsonObject(
                "{\"backend\":{\"filesystems\":[{\"id\":7,\"path\":\"" + folder + "\"}]}}"));
    CoordinatedSettings read = CoordinatedSettings.read(all.section("backend"));
    assertEquals(List.of(), all.problems());
    assertEquals(List.of(new Place(7, folder.toString())), read.kernel().filesystems());
    assertEquals(16, read.workers());
    assertEquals(32 << 20, read.keptReplyBytesMax());
    assertEquals(1024, read.kernel().openFilesMax());
    assertEquals(true, read.kernel().sync());
  }

  @Test
  void filesystems_thatAreMissing_areAskedFor() {
    String expected =
        "backend.filesystems: found nothing, expected an array of objects, each with `id` and"
            + " `path`";
    assertEquals(List.of(expected), problems(""));
    assertEquals(List.of(expected), problems("\"filesystems\":[]"));
    assertEquals(
        List.of(
            "backend.filesystems[0].id: found nothing, expected 1 to 2147483647",
            "backend.filesystems[0].path: found nothing, expected an absolute path without . and"
                + " .. and without a slash at its end"),
        problems("\"filesystems\":[{}]"));
  }

  @Test
  void path_thatIsRelativeOrRoundabout_isRefusedByItsKey() {
    for (String path : List.of("mnt/a", "", "/mnt/../a", "/mnt/a/", "/mnt//a", "/a\\u0000b")) {
      List<String> found = problems("\"filesystems\":[{\"id\":1,\"path\":\"" + path + "\"}]");
      assertEquals(1, found.size(), path);
      assertEquals(true, found.get(0).startsWith("backend.filesystems[0].path: found \""), path);
    }
  }

  @Test
  void directory_thatIsNotThere_isNamed() {
    assertEquals(
        List.of(
            "backend.filesystems[0].path: found \"/nowhere/at/all\", which is not there, expected"
                + " a directory of this machine"),
        problems("\"filesystems\":[{\"id\":1,\"path\":\"/nowhere/at/all\"}]"));
  }

  @Test
  void idAndFilesystem_thatComeTwice_areRefusedByTheSecondsKeys() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    String found =
        "\"filesystems\":[{\"id\":1,\"path\":\"%s\"},{\"id\":1,\"path\":\"%s\"}]"
            .formatted(folder, other);
    assertEquals(
        List.of(
            "backend.filesystems[1].id: found 1, expected another one than that of"
                + " backend.filesystems[0]",
            "backend.filesystems[1].path: found the filesystem at \""
                + other
                + "\", expected another one than that of backend.filesystems[0]"),
        problems(found));
  }

  @Test
  void id_outOfRange_isRefused() {
    for (String id : List.of("0", "-1", "2147483648", "\"1\"")) {
      assertEquals(
          1,
          problems("\"filesystems\":[{\"id\":" + id + ",\"path\":\"" + folder + "\"}]").size(),
          id);
    }
  }
}
