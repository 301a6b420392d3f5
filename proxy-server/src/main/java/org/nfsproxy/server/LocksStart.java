package org.nfsproxy.server;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.server.access.TokenFile;
import org.nfsproxy.server.cluster.InstanceLink;
import org.nfsproxy.server.cluster.InstanceName;
import org.nfsproxy.server.configuration.Locks;
import org.nfsproxy.server.configuration.ProxyConfiguration;
import org.nfsproxy.server.locks.LockBounds;
import org.nfsproxy.server.locks.LockInstances;
import org.nfsproxy.server.locks.LockService;
import org.nfsproxy.server.locks.LockSettings;
import org.nfsproxy.server.locks.SharedRecords;
import org.nfsproxy.server.portmap.PlacedProgram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the start of a proxy has to do with locks of NFSv3. */
final class LocksStart {
  private static final int NLM_VERSION = 4;
  private static final int NSM_VERSION = 1;

  private static final Logger log = LoggerFactory.getLogger(LocksStart.class);

  private LocksStart() {}

  /** Says in one line whether clients may lock, and what is missing for it. */
  static void tell(ProxyConfiguration configuration, Backend backend) {
    Locks locks = configuration.locks();
    List<String> missing = new ArrayList<>();
    if (!locks.enabled()) {
      missing.add("locks.enabled is false");
    }
    if (locks.stateDirectory().isEmpty()) {
      missing.add("locks.stateDirectory names no folder");
    }
    if (!configuration.listen().portmap().enabled()) {
      missing.add("listen.portmap.enabled is false, so that nobody finds NLM and NSM");
    }
    if (backend.lockOrigin().isEmpty()) {
      missing.add("this backend has no lock manager");
    }
    boolean serves = locks.enabled() && backend.lockOrigin().isPresent();
    String what =
        serves
            ? "NLM at port %d, NSM at port %d%s"
                .formatted(locks.port(), locks.nsmPort(), among(configuration))
            : "refused, so mount with nolock or vers=4";
    String lacks = missing.isEmpty() ? "" : ". Missing for them: " + String.join("; ", missing);
    if (serves && !missing.isEmpty()) {
      log.warn("locks of NFSv3: {}{}", what, lacks);
    } else {
      log.info("locks of NFSv3: {}{}", what, lacks);
    }
  }

  private static String among(ProxyConfiguration configuration) {
    return configuration.cluster().enabled()
        ? ", by whichever instance has " + configuration.locks().address()
        : "";
  }

  /**
   * How the instances serve locks together.
   *
   * @param page where this one's page is; may be empty
   * @return completes with null where there is one; fails if the secret cannot be read
   */
  static Future<@Nullable LockInstances> instances(
      Vertx vertx, ProxyConfiguration configuration, InstanceLink link, String page) {
    Locks locks = configuration.locks();
    SharedRecords records = link.lockRecords();
    InetAddress address = address(locks.address());
    if (records == null || address == null) {
      return Future.succeededFuture();
    }
    return vertx
        .executeBlocking(() -> TokenFile.readSecret("locks.secretFile", locks.secretFile()))
        .map(
            secret ->
                new LockInstances(
                    InstanceName.of(configuration.cluster()),
                    page,
                    address,
                    locks.forwardPort(),
                    secret.getBytes(StandardCharsets.US_ASCII),
                    records));
  }

  static LockSettings settings(ProxyConfiguration configuration) {
    Locks locks = configuration.locks();
    return new LockSettings(
        configuration.listen().host(),
        locks.port(),
        locks.nsmPort(),
        Path.of(locks.stateDirectory()),
        address(locks.address()),
        address(locks.callbackFrom()),
        new LockBounds(
            locks.ownersPerClientMax(),
            locks.heldMax(),
            locks.heldPerClientMax(),
            locks.heldBytesMax(),
            locks.callsPerClientMax(),
            locks.callBytesMax(),
            locks.repeatsBytesMax(),
            locks.unwrittenBytesMax(),
            locks.callbacksMax(),
            locks.strangersMax(),
            locks.strangersPerSecondMax()));
  }

  /** What is counted of them; nothing where they are refused. */
  static List<Measure> measures(@Nullable LockService locks) {
    return locks == null ? List.of() : locks.measures();
  }

  private static @Nullable InetAddress address(String text) {
    return text.isEmpty() ? null : NetUtil.createInetAddressFromIpAddressString(text);
  }

  /** What the portmapper tells of them. */
  static List<PlacedProgram> placed(@Nullable LockService locks) {
    return locks == null
        ? List.of()
        : List.of(
            new PlacedProgram(Programs.NLM, NLM_VERSION, locks.port()),
            new PlacedProgram(Programs.NSM, NSM_VERSION, locks.nsmPort()));
  }
}
