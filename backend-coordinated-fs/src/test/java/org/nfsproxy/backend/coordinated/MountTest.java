package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.xdr.XdrReader;

class MountTest {
  private final EngineRig rig = new EngineRig();

  private int status(String path) {
    return rig.root.mnt(Nfs3Calls.name(path)).status();
  }

  @Test
  void mnt_export_givesItsRootAndFlavors() {
    Nfs3Calls.Mounted mounted = rig.root.mnt(Nfs3Calls.name("/export"));
    assertEquals(List.of(1, 0), mounted.flavors());
    assertEquals(24, mounted.handle().length);
    assertEquals(EngineRig.OUTER_FSID, rig.root.getattr(mounted.handle()).ok().fsid());
  }

  @Test
  void mnt_withoutCredential_succeeds() {
    Nfs3Calls nobody = rig.root.with(CallCredential.NONE);
    assertEquals(0, nobody.mnt(Nfs3Calls.name("/export")).status());
  }

  @Test
  void mnt_slashesAtTheEnd_areIgnored() {
    assertArrayEquals(rig.export, rig.root.root("/export//"));
  }

  @Test
  void mnt_nestedExport_givesTheNestedRoot() {
    assertEquals(EngineRig.INNER_FSID, rig.root.getattr(rig.inner).ok().fsid());
    assertEquals(8 + EngineRig.INNER_HANDLE_BYTES, rig.inner.length);
  }

  @Test
  void mnt_directoryBelowAnExport_givesTheDirectory() {
    byte[] made = rig.root.mkdir(rig.inner, "below").ok();
    assertArrayEquals(made, rig.root.root("/export/inner/deep/below"));
    assertArrayEquals(
        rig.root.lookup(rig.export, "inner").handle(), rig.root.root("/export/inner"));
  }

  @Test
  void mnt_nameThatIsNoText_isFound() {
    byte[] name = {(byte) 0xff, (byte) 0x80, 'x'};
    rig.root.nfs(
        9,
        out ->
            Nfs3Calls.write(
                out.opaque(rig.export).opaque(name),
                org.nfsproxy.backend.coordinated.files.AttributeChange.mode(0755)));
    byte[] path = {'/', 'e', 'x', 'p', 'o', 'r', 't', '/', (byte) 0xff, (byte) 0x80, 'x'};
    assertEquals(0, rig.root.mnt(path).status());
  }

  @Test
  void mnt_whatIsNotThere_noent() {
    assertEquals(2, status("/other"));
    assertEquals(2, status("/exports"));
    assertEquals(2, status("/"));
    assertEquals(2, status(""));
    assertEquals(2, status("/export/missing"));
  }

  @Test
  void mnt_file_notdir() {
    rig.root.create(rig.export, "file").ok();
    assertEquals(20, status("/export/file"));
    assertEquals(20, status("/export/file/below"));
  }

  @Test
  void mnt_dotsAboveTheExport_stayInside() {
    assertArrayEquals(rig.export, rig.root.root("/export/../../.."));
  }

  @Test
  void export_listsEachFilesystemForEverybody() {
    XdrReader in = rig.root.results(100005, 3, 5, out -> {});
    assertTrue(in.bool());
    assertEquals("/export", in.string(1024));
    assertFalse(in.bool());
    assertTrue(in.bool());
    assertEquals("/export/inner/deep", in.string(1024));
    assertFalse(in.bool());
    assertFalse(in.bool());
    assertEquals(0, in.remaining());
  }

  @Test
  void dumpUmntUmntall_answerAndKeepNothing() {
    assertFalse(rig.root.results(100005, 3, 2, out -> {}).bool());
    assertEquals(0, rig.root.results(100005, 3, 3, out -> out.string("/export")).remaining());
    assertEquals(0, rig.root.results(100005, 3, 4, out -> {}).remaining());
  }
}
