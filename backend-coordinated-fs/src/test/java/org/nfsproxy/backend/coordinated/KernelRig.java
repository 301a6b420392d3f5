package org.nfsproxy.backend.coordinated;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.nfsproxy.backend.coordinated.kernel.KernelFiles;
import org.nfsproxy.backend.coordinated.kernel.KernelSettings;
import org.nfsproxy.rpc.CallCredential;

/** An engine over filesystems of the kernel, each mounted for the test. */
final class KernelRig implements AutoCloseable {
  final Path folder;
  final KernelFiles files;
  final Nfs3Calls root;
  private final List<Disk> disks = new ArrayList<>();

  /** Mounts one of a kind at each of these places of a new folder; ids are 1, 2 and so on. */
  KernelRig(Disk.Kind kind, String... places) throws Exception {
    Disk.need(kind);
    folder = Files.createTempDirectory("nfs-proxy-test").toRealPath();
    List<KernelSettings.Place> members = new ArrayList<>();
    for (String place : places) {
      Path path = folder.resolve(place);
      disks.add(0, Disk.mount(kind, path));
      members.add(new KernelSettings.Place(members.size() + 1, path.toString()));
    }
    files = open(new KernelSettings(members, 64, true));
    root = calls();
  }

  Nfs3Calls calls() {
    return new Nfs3Calls(
        Engines.over(files, Engines.replyMemory(8 << 20)), CallCredential.sys("test", 0, 0));
  }

  /** On a thread that does no file work. */
  static KernelFiles open(KernelSettings settings) throws Exception {
    FutureTask<KernelFiles> opening = new FutureTask<>(() -> KernelFiles.open(settings));
    new Thread(opening).start();
    try {
      return opening.get();
    } catch (java.util.concurrent.ExecutionException failed) {
      throw (Exception) failed.getCause();
    }
  }

  /** The root of a place. */
  byte[] export(String place) {
    return root.root(path(place).toString());
  }

  Path path(String place) {
    return folder.resolve(place);
  }

  @Override
  public void close() throws Exception {
    files.close();
    for (Disk disk : disks) {
      disk.close();
    }
    Disk.run("rm", "-r", "--one-file-system", folder.toString());
  }
}
