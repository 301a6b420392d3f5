package org.nfsproxy.server.cli;

import io.vertx.core.internal.VertxInternal;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class VersionLine implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = VersionLine.class.getPackage().getImplementationVersion();
    return new String[] {
      "nfs-proxy %s (Java %s, Vert.x %s)"
          .formatted(
              version == null ? "not packaged" : version,
              Runtime.version(),
              VertxInternal.version())
    };
  }
}
