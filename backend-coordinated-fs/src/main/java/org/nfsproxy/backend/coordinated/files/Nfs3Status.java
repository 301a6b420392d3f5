package org.nfsproxy.backend.coordinated.files;

/** {@code nfsstat3}, RFC 1813 section 2.6. */
public enum Nfs3Status {
  /** Done. */
  NFS3_OK(0),
  /** Not the owner. */
  NFS3ERR_PERM(1),
  /** No such object. */
  NFS3ERR_NOENT(2),
  /** A hard error. */
  NFS3ERR_IO(5),
  /** No such device. */
  NFS3ERR_NXIO(6),
  /** Permission denied; also for names that cannot be (section 3.2). */
  NFS3ERR_ACCES(13),
  /** The object exists. */
  NFS3ERR_EXIST(17),
  /** Across filesystems. */
  NFS3ERR_XDEV(18),
  /** Not a directory. */
  NFS3ERR_NOTDIR(20),
  /** A directory. */
  NFS3ERR_ISDIR(21),
  /** An argument that does not fit the object. */
  NFS3ERR_INVAL(22),
  /** A file would grow too large. */
  NFS3ERR_FBIG(27),
  /** The filesystem is full. */
  NFS3ERR_NOSPC(28),
  /** The filesystem is read-only. */
  NFS3ERR_ROFS(30),
  /** Too many hard links. */
  NFS3ERR_MLINK(31),
  /** A name is longer than allowed. */
  NFS3ERR_NAMETOOLONG(63),
  /** A directory is not empty. */
  NFS3ERR_NOTEMPTY(66),
  /** The caller's quota is used up. */
  NFS3ERR_DQUOT(69),
  /** The object of this filehandle is gone. */
  NFS3ERR_STALE(70),
  /** Not a filehandle of ours. */
  NFS3ERR_BADHANDLE(10001),
  /** The guard of a SETATTR does not match. */
  NFS3ERR_NOT_SYNC(10002),
  /** The cookie of a READDIR is stale. */
  NFS3ERR_BAD_COOKIE(10003),
  /** Not supported. */
  NFS3ERR_NOTSUPP(10004),
  /** Not even one directory entry fits in the count given. */
  NFS3ERR_TOOSMALL(10005),
  /** An error of the server that has no other number. */
  NFS3ERR_SERVERFAULT(10006),
  /** No object of this type can be made. */
  NFS3ERR_BADTYPE(10007),
  /** Begun, but not finished: ask again later. */
  NFS3ERR_JUKEBOX(10008);

  private final int number;

  Nfs3Status(int number) {
    this.number = number;
  }

  /**
   * The status on the wire.
   *
   * @return the number
   */
  public int number() {
    return number;
  }
}
