package org.nfsproxy.backend.coordinated.nfs4j;

import java.util.List;
import org.nfsproxy.backend.Notice;
import org.nfsproxy.backend.coordinated.engine.FurtherProgram;
import org.nfsproxy.backend.coordinated.files.Files;

/** Offers NFSv4.0 and 4.1. */
public final class Nfs4Provider implements FurtherProgram.Provider {
  private static final List<Notice> REMARKS =
      List.of(
          new Notice(
              false,
              "serves NFSv4.0 and 4.1 by nfs4j: clients, opens and locks are known to this instance"
                  + " only. Where there are several, a balancer must lead all NFSv4 clients of a"
                  + " filesystem to one of them, the others standing by; NFSv3 needs no such rule"));

  @Override
  public int nfsVersion() {
    return Nfs4Program.VERSION;
  }

  @Override
  public List<Notice> notices() {
    return REMARKS;
  }

  @Override
  public FurtherProgram over(Files files, boolean afresh) {
    return new Nfs4Program(files, afresh);
  }
}
