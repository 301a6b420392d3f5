package org.nfsproxy.backend.coordinated.nfs4j;

import org.nfsproxy.backend.coordinated.engine.FurtherProgram;
import org.nfsproxy.backend.coordinated.files.Files;

/** Offers NFSv4.0 and 4.1. */
public final class Nfs4Provider implements FurtherProgram.Provider {
  @Override
  public FurtherProgram over(Files files, boolean afresh) {
    return new Nfs4(files, afresh);
  }
}
