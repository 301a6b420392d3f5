package org.nfsproxy.server.configuration;

import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.nfsproxy.configuration.Section;

// The TCP ports of this proxy: no two may be the same at addresses that overlap, and none may be
// the origin's. Looks at what the configuration says, and at names and addresses of this machine.
final class Endpoints {
  private record Endpoint(String section, String key, String host, int port) {
    boolean overlaps(Endpoint other) {
      return port == other.port
          && (host.equalsIgnoreCase(other.host)
              || isOfClients() && other.isOfClients()
              || ThisMachine.isWildcard(host)
              || ThisMachine.isWildcard(other.host));
    }

    // Who begins with a header and who does not must not be guessed, so these are told apart by
    // their ports alone.
    private boolean isOfClients() {
      return section.startsWith(LISTEN);
    }
  }

  private static final String LISTEN = "listen";
  private static final String PORTMAP = "listen.portmap";
  private static final String ANY = "0.0.0.0";

  private final List<Endpoint> endpoints = new ArrayList<>();

  Endpoints(ProxyConfiguration proxy) {
    Listen listen = proxy.listen();
    add(true, LISTEN, listen.host(), listen.port());
    add(
        listen.proxyProtocol().enabled(),
        "listen.proxyProtocol",
        listen.proxyProtocol().host(),
        listen.proxyProtocol().port());
    add(listen.portmap().enabled(), PORTMAP, listen.host(), listen.portmap().port());
    add(proxy.admin().enabled(), "admin", proxy.admin().host(), proxy.admin().port());
    Locks locks = proxy.locks();
    add(locks.enabled(), "locks", listen.host(), locks.port());
    Cluster cluster = proxy.cluster();
    add(
        locks.enabled() && cluster.enabled(),
        "locks",
        "forwardPort",
        locks.address(),
        locks.forwardPort());
    add(
        cluster.enabled(),
        "cluster",
        cluster.host().contains("/") ? ANY : cluster.host(),
        cluster.port());
  }

  private void add(boolean enabled, String section, String host, int port) {
    add(enabled, section, "port", host, port);
  }

  private void add(boolean enabled, String section, String key, String host, int port) {
    if (enabled && port != 0) {
      endpoints.add(new Endpoint(section, key, host, port));
    }
  }

  void refuseEqual(Section root) {
    for (int i = 0; i < endpoints.size(); i++) {
      for (int j = 0; j < i; j++) {
        Endpoint one = endpoints.get(i);
        if (one.overlaps(endpoints.get(j))) {
          report(root, one.section, one.key, String.valueOf(one.port), endpoints.get(j));
        }
      }
    }
  }

  private static void report(Section root, String of, String key, String found, Endpoint other) {
    section(root, of)
        .report(key, found, "a port other than %s.%s".formatted(other.section, other.key));
  }

  private static Section section(Section root, String path) {
    Section at = root;
    for (String name : path.split("\\.")) {
      at = at.section(name);
    }
    return at;
  }

  // Whoever forwards to itself opens connections until there are none. The machine is looked at
  // only if a port is the same.
  void refuseItself(Section root, List<SocketAddress> servers, Supplier<ThisMachine> machine) {
    for (SocketAddress server : servers) {
      for (Endpoint each : endpoints) {
        if (each.isOfClients()
            && each.port == server.port()
            && machine.get().reaches(server.host(), each.host)) {
          root.section("backend")
              .report(
                  "origin",
                  "\"%s\" port %d, which is this proxy itself (%s)"
                      .formatted(server.host(), server.port(), each.section),
                  "the NFS server behind it");
        }
      }
    }
  }

  // It names this proxy's own ports: MOUNT's calls would come back until no port is left.
  void refuseOwnPortmapper(
      Section root, List<SocketAddress> portmappers, Supplier<ThisMachine> machine) {
    for (SocketAddress each : portmappers) {
      boolean isOwn =
          endpoints.stream()
              .filter(own -> own.section.equals(PORTMAP) && own.port == each.port())
              .anyMatch(own -> machine.get().reaches(each.host(), own.host));
      if (isOwn) {
        section(root, PORTMAP)
            .report(
                "enabled",
                "true, while the origin's portmapper is asked for ports, which at \"%s\" port %d would be this proxy itself"
                    .formatted(each.host(), each.port()),
                "false, or backend.origin.ports.mount and .acl (with locks.enabled .nlm too) set, so that"
                    + " nobody is asked");
        return;
      }
    }
  }
}
