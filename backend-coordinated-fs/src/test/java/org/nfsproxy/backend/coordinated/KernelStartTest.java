package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nfsproxy.backend.coordinated.kernel.KernelFiles;
import org.nfsproxy.backend.coordinated.kernel.KernelSettings;
import org.nfsproxy.backend.coordinated.kernel.KernelSettings.Place;
import org.nfsproxy.backend.coordinated.kernel.UnsuitableException;

/** What cannot be served is refused at the start, by its key, with the cure. */
@ExtendWith(OnFileThread.class)
class KernelStartTest {
  private Path folder;
  private Disk disk;

  @BeforeEach
  void mount() throws Exception {
    Disk.need(Disk.Kind.TMPFS);
    folder = Files.createTempDirectory("nfs-proxy-test").toRealPath();
    disk = Disk.mount(Disk.Kind.TMPFS, folder.resolve("m"));
    Files.createDirectories(disk.path.resolve("part"));
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.close();
      Disk.run("rm", "-r", "--one-file-system", folder.toString());
    }
  }

  private static String refusal(String... paths) {
    List<Place> places = new ArrayList<>();
    for (String path : paths) {
      places.add(new Place(places.size() + 1, path));
    }
    KernelSettings settings = new KernelSettings(places, 16, true);
    return assertThrows(UnsuitableException.class, () -> KernelRig.open(settings)).getMessage();
  }

  private static void assertContains(String part, String message) {
    assertTrue(message.contains(part), message);
  }

  @Test
  void path_thatIsNotThere_isNamed() {
    assertEquals(
        "backend.filesystems[0]: /nowhere/at/all does not exist", refusal("/nowhere/at/all"));
  }

  @Test
  void directoryInAFilesystem_isRefused_sinceHandlesLeadOutOfIt() {
    String message = refusal(disk.path.toString(), disk.path + "/part");
    assertContains("backend.filesystems[1]: ", message);
    assertContains("is a directory inside the filesystem mounted at " + disk.path, message);
  }

  @Test
  void bindMountOfAPart_isRefused_sinceHandlesLeadOutOfIt() throws Exception {
    Path bound = Files.createDirectory(folder.resolve("bound"));
    Disk.run("mount", "--bind", disk.path + "/part", bound.toString());
    try {
      assertContains("is a mount of /part only", refusal(bound.toString()));
    } finally {
      Disk.run("umount", bound.toString());
    }
  }

  @Test
  void sameFilesystemTwice_isRefused() throws Exception {
    Path bound = Files.createDirectory(folder.resolve("bound"));
    Disk.run("mount", "--bind", disk.path.toString(), bound.toString());
    try {
      assertContains(
          "is the same filesystem as " + disk.path,
          refusal(disk.path.toString(), bound.toString()));
    } finally {
      Disk.run("umount", bound.toString());
    }
  }

  @Test
  void proc_isRefused_sinceItHasNoHandles() {
    assertContains("has no persistent file handles", refusal("/proc"));
  }

  @Test
  void overlay_withoutHandles_isRefused_andServedWithThem() throws Exception {
    for (String name : List.of("lower", "upper", "work")) {
      Files.createDirectory(disk.path.resolve(name));
    }
    Path merged = Files.createDirectory(folder.resolve("merged"));
    String options =
        "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(disk.path);
    Disk.run("mount", "-t", "overlay", "-o", options, "none", merged.toString());
    try {
      assertContains("nfs_export=on", refusal(merged.toString()));
    } finally {
      Disk.run("umount", merged.toString());
    }
  }

  @Test
  void filesystem_thatWasRefused_isNotLeftOpen() throws Exception {
    refusal(disk.path.toString(), "/proc");
    disk.close();
    disk = Disk.mount(Disk.Kind.TMPFS, disk.path);
  }

  @Test
  void files_thatAreClosed_leaveTheMount() throws Exception {
    KernelSettings settings =
        new KernelSettings(List.of(new Place(1, disk.path.toString())), 16, true);
    KernelFiles files = KernelRig.open(settings);
    files.attributes(files.exports().get(0).root());
    files.close();
    disk.close();
    disk = Disk.mount(Disk.Kind.TMPFS, disk.path);
  }
}
