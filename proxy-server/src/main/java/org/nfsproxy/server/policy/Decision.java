package org.nfsproxy.server.policy;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.FlavorCheck;
import org.nfsproxy.rpc.AuthStatus;

/**
 * What an export's parameters say to an operation, and the status with which it is refused in each
 * protocol.
 *
 * <p>Three ways to refuse: with the operation's own status ({@link #status}, on a filehandle;
 * {@link #statusOfName}, on the name that would lead in), which is the right one wherever a body
 * can be made; with {@link #DENIED}, RPC's own, for a call that nobody here can answer: all under
 * RPCSEC_GSS, since an accepted reply needs a verifier that only the origin can make (RFC 2203
 * section 5.3.3.2), and procedures whose results have no status; with RPC's PROG_MISMATCH, or with
 * {@link #NFS4ERR_MINOR_VERS_MISMATCH} outside a session, for a version allowed on no export.
 */
// Where the two servers that people know differ, a row says whom it follows.
//
// Linux (fs/nfsd/nfsfh.c, export.c; mountd): a client without an export gets STALE for a handle,
// and ACCES at MNT; a wrong flavor is ACCES in versions 2 and 3 and WRONGSEC in 4; read-only is
// ROFS; no versions per export. Ganesha 6.2 (nfs_worker_thread.c, nfs_creds.c, mnt_Mnt.c): in
// version 3 a client without access, a wrong version and a wrong flavor are all AUTH errors of RPC;
// in version 4 NFS4ERR_ACCESS, NFS4ERR_ACCESS and NFS4ERR_WRONGSEC; read-only is ROFS; MNT is
// always ACCES.
//
// A Linux client reports AUTH_TOOWEAK, ACCES and ACCESS alike, EACCES, and none of them is tried
// again; other AUTH errors are (net/sunrpc/clnt.c, rpc_decode_header).
//
// NFS4ERR_WRONGSEC makes a client ask SECINFO. RFC 8881 section 2.6.3.1 says on which operations it
// may stand: those that bring a filehandle in and those that look a name up. Refuse there, and
// leave SECINFO itself alone, or a client never learns how to come.
public enum Decision {
  // spotless:off
  //             on a handle:                    on a name:
  //             NFS2   NFS3   NFS4      NFS2   NFS3   NFS4      MOUNT1 MOUNT3
  /** Nothing in the way. */
  ALLOWED       (0,     0,     0,        0,     0,     0,        0,     0),
  /** It is as if the export were not there: Linux for a filesystem that is not exported. */
  HIDDEN        (70,    70,    70,       2,     2,     2,        2,     2),
  /** The client is on no list. ACCES as at MNT; STALE would make it look for the file again. */
  NOT_A_CLIENT  (13,    13,    13,       13,    13,    13,       13,    13),
  /** Nobody has access: Ganesha in version 4. */
  NO_ACCESS     (13,    13,    13,       13,    13,    13,       13,    13),
  /** The version is not allowed on this export, but may be on another: Ganesha in version 4. */
  WRONG_VERSION (13,    13,    13,       13,    13,    13,       13,    13),
  /**
   * The connection is not protected as it must be: Linux 6.12, check_nfsd_access, which asks for it
   * before the flavor.
   */
  WRONG_TRANSPORT(13,   13,    10016,    13,    13,    10016,    13,    13),
  /** The client's certificate has none of the names: as a client that is on no list. */
  WRONG_CERTIFICATE(13, 13,    13,       13,    13,    13,       13,    13),
  /** The flavor is not allowed: Linux. */
  WRONG_FLAVOR  (13,    13,    10016,    13,    13,    10016,    13,    13),
  /** It writes, and the export may only be read: both. No MNT writes. */
  READ_ONLY     (30,    30,    30,       30,    30,    30,       13,    13),
  /** GSS keeps a rule from being applied. There is no body: see {@link #DENIED}. */
  OPAQUE        (13,    13,    13,       13,    13,    13,       13,    13);
  // spotless:on

  /** How a call is refused that has no body of its own, RFC 5531 section 9. */
  public static final AuthStatus DENIED = AuthStatus.AUTH_TOOWEAK;

  /** How a COMPOUND of a minor version is refused that is allowed on no export. */
  public static final int NFS4ERR_MINOR_VERS_MISMATCH = 10021;

  private final int[] ofHandle;
  private final int[] ofName;

  Decision(
      int nfs2,
      int nfs3,
      int nfs4,
      int nfs2Name,
      int nfs3Name,
      int nfs4Name,
      int mount1,
      int mount3) {
    ofHandle = new int[] {nfs2, nfs3, nfs4, mount1, mount3};
    ofName = new int[] {nfs2Name, nfs3Name, nfs4Name, mount1, mount3};
  }

  // A flavor or version that nobody here knows is null, and in no set.
  /**
   * Judges an operation of NFS or NFS_ACL.
   *
   * @param parameters those of the export that the operation's filehandle belongs to
   * @param security how it is known; null for a flavor that nobody here knows
   * @param version its version; null for one that nobody here knows
   * @param writes whether the operation changes files
   * @return the first reason to refuse, from what the client may know least to what it may know
   *     most
   */
  public static Decision of(
      Parameters parameters,
      Peer client,
      @Nullable Security security,
      @Nullable NfsVersion version,
      boolean writes) {
    Decision mount = ofMount(parameters, client, version);
    if (mount != ALLOWED) {
      return mount;
    }
    if (!parameters.transport().contains(client.transport())) {
      return WRONG_TRANSPORT;
    }
    if (!parameters.certificates().matches(client.names())) {
      return WRONG_CERTIFICATE;
    }
    if (security == null || !parameters.security().contains(security)) {
      return WRONG_FLAVOR;
    }
    if (writes && parameters.access() == Access.RO) {
      return READ_ONLY;
    }
    return isSealed(parameters, security) ? OPAQUE : ALLOWED;
  }

  /**
   * Judges a call of MOUNT for an export. Its flavor does not count: clients mount with AUTH_SYS or
   * AUTH_NONE what they then use with Kerberos (RFC 2623 section 2.3.2). Nor does its transport,
   * and with it the certificate: MOUNT of a Linux client is in the clear, also where NFS is not.
   *
   * @param version the version of NFS for which MOUNT gives the handle: V2 for MOUNT 1, V3 for 3
   * @return the first reason to refuse
   */
  public static Decision ofMount(Parameters parameters, Peer client, @Nullable NfsVersion version) {
    if (parameters.hidden()) {
      return HIDDEN;
    }
    if (!parameters.clients().matches(client.address())) {
      return NOT_A_CLIENT;
    }
    if (parameters.access() == Access.NONE) {
      return NO_ACCESS;
    }
    return version != null && parameters.versions().contains(version) ? ALLOWED : WRONG_VERSION;
  }

  /**
   * Judges a call under GSS whose arguments cannot be read, as if it were the worst it could be: a
   * write, on any export, in any minor version.
   *
   * @param unseen {@link Rules#ofUnseen}
   * @param version the program's version, 2 to 4
   * @return {@link #ALLOWED}, or {@link #OPAQUE} if any rule might have refused and does not leave
   *     it to the origin
   */
  public static Decision ofUnseen(
      Parameters unseen, Peer client, @Nullable Security security, int version) {
    if (unseen.opaque() == UnreadableCalls.FORWARD) {
      return ALLOWED;
    }
    for (NfsVersion each : NfsVersion.values()) {
      if (each.version() == version && of(unseen, client, security, each, true) != ALLOWED) {
        return OPAQUE;
      }
    }
    return ALLOWED;
  }

  /**
   * Judges a call of MOUNT under GSS, whose reply cannot be changed: as if it were for any export.
   *
   * @param unseen {@link Rules#ofUnseen}
   * @return {@link #ALLOWED}, or {@link #OPAQUE} if any rule might keep the client from an export
   *     and does not leave it to the origin
   */
  public static Decision ofUnseenMount(Parameters unseen, Peer client) {
    boolean mayMount =
        !unseen.hidden()
            && unseen.access() != Access.NONE
            && unseen.clients().matches(client.address());
    return mayMount || unseen.opaque() == UnreadableCalls.FORWARD ? ALLOWED : OPAQUE;
  }

  /**
   * The flavors with which a caller may come, on the connection it has.
   *
   * @return none where the connection is not protected as it must be: whatever it came with, it
   *     would be refused
   */
  public static Set<Security> flavors(Parameters parameters, Peer client) {
    boolean mayCome =
        parameters.transport().contains(client.transport())
            && parameters.certificates().matches(client.names());
    return mayCome ? parameters.security() : Set.of();
  }

  /**
   * Whether a call that was refused for its flavor passes all the same, if its handle is an
   * export's root: the client is mounting.
   *
   * @param security how the caller is known; null for a flavor that nobody here knows
   * @return true if only its handle has to be looked at
   */
  public boolean isForgivenOnRoot(FlavorCheck flavorCheck, @Nullable Security security) {
    return this == WRONG_FLAVOR
        && flavorCheck == FlavorCheck.NOT_ON_ROOT
        && security != null
        && !security.isGss();
  }

  // Root under Kerberos is whoever the origin takes it for, and squashing root leaves that to it.
  // To make everybody anonymous is more than the origin was told, and more than we can do.
  private static boolean isSealed(Parameters parameters, Security security) {
    return security.isGss()
        && parameters.squashing().squash() == Squash.ALL
        && parameters.opaque() == UnreadableCalls.REFUSE;
  }

  /**
   * The status that refuses an operation on a filehandle of the export.
   *
   * @return as on the wire; 0 for {@link #ALLOWED}
   */
  public int status(Family family) {
    return ofHandle[family.ordinal()];
  }

  /**
   * The status that refuses to look a name up that leads into the export.
   *
   * @return as on the wire; 0 for {@link #ALLOWED}
   */
  public int statusOfName(Family family) {
    return ofName[family.ordinal()];
  }
}
