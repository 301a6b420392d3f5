package org.nfsproxy.backend.coordinated.agreement;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What tells a filesystem from every other one, on whatever machine it is mounted.
 *
 * @param path where clients mount it
 * @param root the filehandle of its root
 * @param kind which filesystem it is, a word
 * @param uuid its UUID, 16 bytes; empty where the kernel does not tell
 * @param fsid its own statfs number, where that comes from the disk and not from the machine; else
 *     0
 * @param born when its root was made, in nanoseconds of 1970; 0 where the filesystem does not keep
 *     it
 */
// A root's handle alone proves little: that of every ext4 is inode 2, generation 0. A UUID proves
// much, but an older kernel does not tell it, and a copied disk has the same one. When the root was
// made is on every disk of ext4, xfs and btrfs.
public record FilesystemTraits(
    String path, byte[] root, String kind, byte[] uuid, long fsid, long born) {

  /**
   * What is not the same. What one of the two does not know is left out.
   *
   * @param other another instance's
   * @return for each difference a few words; none if both may be one filesystem
   */
  public List<String> differences(FilesystemTraits other) {
    List<String> found = new ArrayList<>();
    compare("path", Optional.of(path), Optional.of(other.path)).ifPresent(found::add);
    compare("kind", Optional.of(kind), Optional.of(other.kind)).ifPresent(found::add);
    compare("UUID", hex(uuid), hex(other.uuid)).ifPresent(found::add);
    compare("fsid", number(fsid), number(other.fsid)).ifPresent(found::add);
    compare("root made at", number(born), number(other.born)).ifPresent(found::add);
    compare("root handle", hex(root), hex(other.root)).ifPresent(found::add);
    return found;
  }

  private static Optional<String> hex(byte[] bytes) {
    return bytes.length == 0 ? Optional.empty() : Optional.of(HexFormat.of().formatHex(bytes));
  }

  private static Optional<String> number(long number) {
    return number == 0 ? Optional.empty() : Optional.of(Long.toHexString(number));
  }

  private static Optional<String> compare(
      String what, Optional<String> here, Optional<String> there) {
    return here.isEmpty() || there.isEmpty() || here.equals(there)
        ? Optional.empty()
        : Optional.of("%s %s here, %s there".formatted(what, here.get(), there.get()));
  }
}
