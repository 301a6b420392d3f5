package org.nfsproxy.nfs.table;

import java.util.Arrays;

/**
 * All programs there are tables for, by their numbers.
 *
 * <p>Whether somebody here serves a program is another question: a table tells what a procedure is,
 * not who answers it.
 */
// Three nested steps, so that the three misses of RFC 5531 section 9 cannot be confused. Every
// answer is made beforehand: a look-up allocates nothing.
public final class Programs {
  /** Portmap and rpcbind. */
  public static final int PORTMAP = 100000;

  /** NFS. */
  public static final int NFS = 100003;

  /** MOUNT. */
  public static final int MOUNT = 100005;

  /** The network lock manager. */
  public static final int NLM = 100021;

  /** The network status monitor. */
  public static final int NSM = 100024;

  /** ACLs beside NFSv2 and NFSv3. */
  public static final int NFS_ACL = 100227;

  private static final Lookup PROG_UNAVAIL = new Lookup.ProgUnavail();
  private static final Lookup PROC_UNAVAIL = new Lookup.ProcUnavail();

  // spotless:off
  private static final Program[] PROGRAMS = {
    new Program(PORTMAP, version(2, Portmap2.values()),
                         version(3, Rpcbind3.values()),
                         version(4, Rpcbind4.values())),
    new Program(NFS,     version(2, Nfs2.values()),
                         version(3, Nfs3.values()),
                         version(4, Nfs4Procedure.values())),
    new Program(MOUNT,   version(1, Mount1.values()),
                         version(2, Mount2.values()),
                         version(3, Mount3.values())),
    new Program(NLM,     version(4, Nlm4.values())),
    new Program(NSM,     version(1, Nsm1.values())),
    new Program(NFS_ACL, version(2, NfsAcl2.values()),
                         version(3, NfsAcl3.values())),
  };

  // The XDR of RFC 7531 and 5662 has version 1, the text of RFC 8881 section 18.36.3 says 4; the
  // Linux client takes both.
  private static final Program CALLBACK =
    new Program(0,       version(1, Nfs4CallbackProcedure.values()),
                         version(4, Nfs4CallbackProcedure.values()));
  // spotless:on

  private Programs() {}

  /**
   * Finds the row of a call from a client.
   *
   * @param program as on the wire
   * @param version as on the wire
   * @param procedure as on the wire
   * @return the row, or which of the three numbers is unknown
   */
  public static Lookup find(int program, int version, int procedure) {
    for (Program candidate : PROGRAMS) {
      if (candidate.number == program) {
        return candidate.find(version, procedure);
      }
    }
    return PROG_UNAVAIL;
  }

  /**
   * Finds the row of a call from an origin. The client chose the number of its callback program, so
   * any is right.
   *
   * @param version as on the wire
   * @param procedure as on the wire
   * @return the row, or which of the two numbers is unknown
   */
  public static Lookup findCallback(int version, int procedure) {
    return CALLBACK.find(version, procedure);
  }

  private static Version version(int number, Procedure[] rows) {
    int highest = 0;
    for (Procedure row : rows) {
      highest = Math.max(highest, row.number());
    }
    Lookup[] byNumber = new Lookup[highest + 1];
    Arrays.fill(byNumber, PROC_UNAVAIL);
    for (Procedure row : rows) {
      if (byNumber[row.number()] != PROC_UNAVAIL) {
        throw new IllegalStateException(row.label() + " has a number that is taken");
      }
      byNumber[row.number()] = new Lookup.Found(row);
    }
    return new Version(number, byNumber);
  }

  private record Version(int number, Lookup[] procedures) {
    Lookup find(int procedure) {
      return procedure < 0 || procedure >= procedures.length ? PROC_UNAVAIL : procedures[procedure];
    }
  }

  private static final class Program {
    private final int number;
    private final Version[] versions;
    private final Lookup mismatch;

    Program(int number, Version... versions) {
      this.number = number;
      this.versions = versions;
      this.mismatch =
          new Lookup.ProgMismatch(versions[0].number, versions[versions.length - 1].number);
    }

    Lookup find(int version, int procedure) {
      for (Version candidate : versions) {
        if (candidate.number == version) {
          return candidate.find(procedure);
        }
      }
      return mismatch;
    }
  }
}
