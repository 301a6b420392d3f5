package org.nfsproxy.server.demo;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.CreateHow;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.StableHow;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.backend.coordinated.memory.MemoryFiles;
import org.nfsproxy.backend.coordinated.memory.Volume;

/** What the demo's origin holds: four filesystems, each with handles of another length. */
final class DemoFiles {
  static final String EXPORT = "/export";

  private static final int MEBIBYTE = 1 << 20;
  private static final int DIRECTORY_MODE = 0777;
  private static final int FILE_MODE = 0644;

  private final Files files;

  private DemoFiles(Files files) {
    this.files = files;
  }

  /** The handle lengths of filesystems in the field, odd ones too, up to NFSv3's limit of 64. */
  static Files make() throws FilesException {
    MemoryFiles files = new MemoryFiles(EXPORT, volume(1, 0x1001, 20));
    ObjectHandle projects = files.mount(EXPORT + "/projects", volume(2, 0x2002, 24));
    ObjectHandle archive = files.mount(EXPORT + "/projects/archive", volume(3, 0x3003, 33));
    ObjectHandle scratch = files.mount(EXPORT + "/scratch", volume(4, 0x4004, 56));
    new DemoFiles(files).fill(files.exports().get(0).root(), projects, archive, scratch);
    return files;
  }

  private static Volume volume(int id, long fsid, int handleBytes) {
    return new Volume(id, fsid, Volume.BYTES_MAX_DEFAULT, handleBytes);
  }

  private void fill(
      ObjectHandle export, ObjectHandle projects, ObjectHandle archive, ObjectHandle scratch)
      throws FilesException {
    for (ObjectHandle root : new ObjectHandle[] {export, projects, archive, scratch}) {
      AttributeChange mode = AttributeChange.mode(DIRECTORY_MODE);
      files.change(UserIds.ROOT, root, mode, java.util.Optional.empty(), new WccData());
    }
    file(export, "README.txt", text("This is the demo's origin. It lives in memory.\n"));
    files.makeSymlink(
        UserIds.ROOT,
        export,
        text("latest"),
        text("README.txt"),
        AttributeChange.NONE,
        new WccData());
    byte[] binary = new byte[MEBIBYTE];
    new Random(1813).nextBytes(binary);
    file(export, "mebibyte.bin", binary);
    ObjectHandle deep = export;
    for (String name : new String[] {"one", "two", "three", "four", "five"}) {
      deep = directory(deep, name);
    }
    file(deep, "leaf.txt", text("Five directories below the export.\n"));
    file(projects, "plan.txt", text("A filesystem mounted in the export.\n"));
    file(archive, "1995.txt", text("A filesystem mounted in a mounted one.\n"));
    file(directory(scratch, "work"), "caf\u00e9.txt", text("Names are bytes.\n"));
  }

  private ObjectHandle directory(ObjectHandle in, String name) throws FilesException {
    AttributeChange mode = AttributeChange.mode(DIRECTORY_MODE);
    return files.makeDirectory(UserIds.ROOT, in, text(name), mode, new WccData()).handle();
  }

  private void file(ObjectHandle in, String name, byte[] contents) throws FilesException {
    CreateHow how = new CreateHow.Guarded(AttributeChange.mode(FILE_MODE));
    ObjectHandle made = files.create(UserIds.ROOT, in, text(name), how, new WccData()).handle();
    files.write(
        UserIds.ROOT,
        made,
        0,
        Unpooled.wrappedBuffer(contents),
        StableHow.FILE_SYNC,
        new WccData());
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
