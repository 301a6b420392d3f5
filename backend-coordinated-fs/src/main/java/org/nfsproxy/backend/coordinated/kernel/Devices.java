package org.nfsproxy.backend.coordinated.kernel;

import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;

/** Device numbers as mknodat(2) takes them: 12 bits of major, 20 of minor. */
//   31        20 19       8 7      0
//   +-----------+----------+--------+
//   | minor high|  major   | minor  |
//   +-----------+----------+--------+
final class Devices {
  private static final int MAJOR_MAX = (1 << 12) - 1;
  private static final int MINOR_MAX = (1 << 20) - 1;

  private Devices() {}

  static long number(Attributes.Device device) throws FilesException {
    int major = device.major();
    int minor = device.minor();
    if (major < 0 || major > MAJOR_MAX || minor < 0 || minor > MINOR_MAX) {
      throw new FilesException(Nfs3Status.NFS3ERR_INVAL);
    }
    return minor & 0xffL | (long) major << 8 | (minor & ~0xffL) << 12;
  }
}
