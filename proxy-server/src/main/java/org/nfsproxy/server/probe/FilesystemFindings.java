package org.nfsproxy.server.probe;

import static org.nfsproxy.server.probe.Severity.CHANGE;
import static org.nfsproxy.server.probe.Severity.NOTE;
import static org.nfsproxy.server.probe.Severity.OK;
import static org.nfsproxy.server.probe.Severity.STOP;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What the filesystems that are exported mean for a proxy. */
final class FilesystemFindings {
  /** The default of limits.recordBytesMax. */
  static final int RECORD_BYTES_MAX = 5 << 20;

  /** What is around the data of a READ or WRITE. */
  private static final int AROUND_DATA_BYTES = 1 << 16;

  /** change_attr_type of RFC 7862 section 12.2.3: time_metadata and undefined. */
  private static final int TIME_METADATA = 3;

  private static final int UNDEFINED = 4;

  private static final String[] CHANGE_KINDS = {
    "rises (monotonic)",
    "counts versions",
    "counts versions, but not under pNFS",
    "is a time",
    "means nothing but that something changed"
  };

  private final ProbeFacts facts;
  private final List<ProbedFilesystem> reached;
  private final List<Finding> findings = new ArrayList<>();

  private FilesystemFindings(ProbeFacts facts) {
    this.facts = facts;
    this.reached = facts.filesystems.stream().filter(each -> !each.reached().isEmpty()).toList();
  }

  static List<Finding> of(ProbeFacts facts) {
    FilesystemFindings all = new FilesystemFindings(facts);
    if (!facts.isReached || facts.versions.isEmpty() || facts.isTlsRequired) {
      return List.of();
    }
    all.exports();
    all.refused();
    if (!all.reached.isEmpty()) {
      all.handles();
      all.kinds();
      all.findings.addAll(FsidDuplicates.of(facts.filesystems));
      all.expiry();
      all.sizes();
      all.root();
      all.changeAttribute();
    }
    all.ports();
    all.flavors();
    all.locations();
    return all.findings;
  }

  private void add(String name, Severity severity, String found, String means, String cure) {
    findings.add(Finding.of(name, severity, found, means, cure));
  }

  private List<String> paths(Predicate<ProbedFilesystem> which) {
    return facts.filesystems.stream().filter(which).map(ProbedFilesystem::path).toList();
  }

  private List<String> pathsOfViews(Predicate<FilesystemView> which) {
    return paths(each -> each.views().stream().anyMatch(which));
  }

  private void exports() {
    if (facts.pathsFound == 0) {
      if (facts.isComplete) {
        add(
            "exports",
            STOP,
            "none, to this host",
            "nothing can be re-exported",
            "export to this host's address, or run the probe where the proxy will run");
      }
      return;
    }
    long listed = facts.filesystems.stream().filter(ProbedFilesystem::isListed).count();
    int looked = facts.filesystems.size();
    boolean isCut = looked < facts.pathsFound;
    add(
        "exports",
        isCut ? NOTE : OK,
        "%s; looked at %d, of which %d in a list of exports and %d found below one"
            .formatted(
                Amount.of(facts.pathsFound, "path", "paths"), looked, listed, looked - listed),
        isCut
            ? "the others are not in what is said here; the proxy serves them all the same"
            : "all are served by the proxy, under the same paths",
        isCut ? "ask again with a larger --exports, and a longer --timeout" : "");
    if (!facts.nestedSearched) {
      add(
          "nested filesystems",
          NOTE,
          "not searched, which takes NFSv4",
          "filesystems inside exports are not in this report; the proxy finds them when they are used",
          "");
    }
  }

  private void refused() {
    List<String> refused =
        paths(
            each ->
                each.reached().isEmpty()
                    && each.views().stream().noneMatch(FilesystemFindings::hasOwnFinding));
    if (refused.isEmpty()) {
      return;
    }
    boolean isAll = reached.isEmpty() && refused.size() == facts.filesystems.size();
    findings.add(
        Finding.of(
                "refused",
                isAll ? STOP : CHANGE,
                "%d of %d: %s"
                    .formatted(
                        refused.size(), facts.filesystems.size(), whyRefused(refused.get(0))),
                "clients of the proxy are refused as this host is",
                "export them to the proxy's address; if they are, the origin's log may say why"
                    + outsideTls())
            .at(refused));
  }

  // A Linux server says the same of `xprtsec=` as of an address that it does not know.
  private String outsideTls() {
    return facts.tls == ProbeFacts.Tls.OFFERED && !facts.asked.tls().everywhere()
        ? "; with `xprtsec=tls` or `mtls` they answer inside TLS alone: probe --tls"
        : "";
  }

  private static boolean hasOwnFinding(FilesystemView view) {
    return isKerberosOnly(view)
        || view.failureStatus == StatusName.MOVED
        || view.port == PortNeed.RESERVED;
  }

  private String whyRefused(String path) {
    return facts.filesystems.stream()
        .filter(each -> each.path().equals(path))
        .flatMap(each -> each.views().stream())
        .map(view -> "v" + view.version + " " + view.failure)
        .reduce((one, other) -> one + ", " + other)
        .orElse("neither version may be asked");
  }

  private void handles() {
    int shortest = Integer.MAX_VALUE;
    int longest = 0;
    for (ProbedFilesystem each : reached) {
      for (FilesystemView view : each.reached()) {
        shortest = Math.min(shortest, view.handleBytes());
        longest = Math.max(longest, view.handleBytes());
      }
    }
    add(
        "filehandles",
        OK,
        "%d to %d bytes".formatted(shortest, longest),
        "they stay as they are through the proxy. A re-export by the Linux kernel would make %d to %d of"
                .formatted(
                    KernelReexport.handleBytes(shortest), KernelReexport.handleBytes(longest))
            + " them, the longest of them fits "
            + KernelReexport.fits(longest)
            + ", and want an `fsid=` of its own for each filesystem",
        "");
  }

  private void kinds() {
    List<String> device =
        pathsOfViews(
            view -> view.isReached() && FsidKind.of(view.reachedRoot()) == FsidKind.DEVICE);
    if (!device.isEmpty()) {
      findings.add(
          Finding.of(
                  "fsid kind",
                  NOTE,
                  Amount.of(device.size(), "handle names", "handles name")
                      + " a filesystem by its device number, if this is a Linux server",
                  "after a restart of the origin disks may have other numbers: handles are stale then, and"
                      + " rules by fsid name another filesystem",
                  "export with `fsid=`, a number or a UUID")
              .at(device));
    }
  }

  private void expiry() {
    List<String> expiring = pathsOfViews(view -> view.expireType > 0);
    boolean isTold =
        facts.filesystems.stream().anyMatch(each -> each.v4() != null && each.v4().expireType >= 0);
    if (!expiring.isEmpty()) {
      findings.add(
          Finding.of(
                  "handle expiry",
                  NOTE,
                  "handles may expire (fh_expire_type)",
                  "the proxy passes FHEXPIRED on, and few clients can find a file again by its name",
                  "let the origin give handles that persist")
              .at(expiring));
    } else if (isTold) {
      add("handle expiry", OK, "handles persist", "nothing need be found again by name", "");
    }
  }

  private void sizes() {
    long read =
        reached.stream()
            .flatMap(each -> each.views().stream())
            .mapToLong(v -> v.readMax)
            .max()
            .orElse(-1);
    long write =
        reached.stream()
            .flatMap(each -> each.views().stream())
            .mapToLong(v -> v.writeMax)
            .max()
            .orElse(-1);
    if (read < 0 && write < 0) {
      return;
    }
    long largest = Math.max(read, write);
    boolean isTooLarge = largest > RECORD_BYTES_MAX - AROUND_DATA_BYTES;
    add(
        "read and write size",
        isTooLarge ? NOTE : OK,
        "%s and %s at most".formatted(Amount.bytes(read), Amount.bytes(write)),
        isTooLarge
            ? "the proxy closes connections with calls or replies above %s unless told otherwise; Linux clients"
                    .formatted(Amount.bytes(RECORD_BYTES_MAX))
                + " use 4 MiB at most, others may use more"
            : "calls and replies of that size pass",
        isTooLarge
            ? "set limits.recordBytesMax to %d, or rsize and wsize on such clients"
                .formatted(largest + AROUND_DATA_BYTES)
            : "");
  }

  private void ports() {
    List<String> reserved = paths(each -> each.port() == PortNeed.RESERVED);
    if (!reserved.isEmpty()) {
      String many =
          "each client connection takes one of 359 ports of a local address; further clients leave from"
              + " others and are refused";
      findings.add(
          Finding.of(
                  "source ports",
                  facts.mayReserve ? NOTE : CHANGE,
                  "below 1024 only",
                  facts.mayReserve ? many : "this user may not bind one: clients are refused",
                  facts.mayReserve
                      ? "export with `insecure` to the proxy, or add backend.origin.localAddresses, where"
                          + " there are more clients"
                      : "run the proxy as root or with CAP_NET_BIND_SERVICE, or export with `insecure`")
              .at(reserved));
    } else if (reached.isEmpty()) {
      return; // what refuses everything tells nothing of ports
    } else if (reached.stream().allMatch(each -> each.port() == PortNeed.ANY)) {
      add(
          "source ports",
          OK,
          "any",
          "as many client connections as there are ports; set backend.origin.reservedPorts to \"never\" to"
              + " leave those below 1024 alone",
          "");
    } else {
      add(
          "source ports",
          NOTE,
          "cannot be told",
          "the proxy uses those below 1024 where it may",
          "");
    }
  }

  private void root() {
    List<String> squashed =
        reached.stream()
            .filter(each -> each.rootAccess().kind() == RootAccess.Kind.SQUASHED)
            .map(ProbedFilesystem::path)
            .toList();
    List<String> untold =
        reached.stream()
            .filter(each -> each.rootAccess().kind() == RootAccess.Kind.UNKNOWN)
            .map(ProbedFilesystem::path)
            .toList();
    if (!squashed.isEmpty()) {
      findings.add(
          Finding.of(
                  "root",
                  CHANGE,
                  "squashed: " + whyRoot(squashed.get(0)),
                  "root of a client is nobody, whatever the proxy's rules say, and what is closed to nobody"
                      + " is closed to the proxy's own questions",
                  "export to the proxy with `no_root_squash`; it squashes root itself unless told not to")
              .at(squashed));
    }
    if (!untold.isEmpty()) {
      findings.add(
          Finding.of(
                  "root",
                  NOTE,
                  "cannot be told: " + whyRoot(untold.get(0)),
                  "nothing, where it is `no_root_squash`",
                  "look at the origin's export options")
              .at(untold));
    }
    if (squashed.isEmpty() && untold.isEmpty()) {
      add(
          "root",
          OK,
          "is root: " + whyRoot(reached.get(0).path()),
          "the proxy's rules decide whose root is root; unless told otherwise, nobody's",
          "");
    }
  }

  private String whyRoot(String path) {
    return reached.stream()
        .filter(each -> each.path().equals(path))
        .map(each -> each.rootAccess().why())
        .findFirst()
        .orElse("");
  }

  private void changeAttribute() {
    TreeMap<Long, List<String>> byKind = new TreeMap<>();
    for (ProbedFilesystem each : reached) {
      if (each.v4() != null && each.v4().changeKind >= 0) {
        byKind.computeIfAbsent(each.v4().changeKind, kind -> new ArrayList<>()).add(each.path());
      }
    }
    if (byKind.isEmpty() && facts.hasVersion4()) {
      add(
          "change attribute",
          OK,
          "its kind is not told (change_attr_type of NFSv4.2)",
          "it passes unchanged; clients take it for a number that changes",
          "");
    }
    byKind.forEach(
        (kind, paths) -> {
          boolean isCoarse = kind == TIME_METADATA || kind >= UNDEFINED;
          String shown =
              kind < CHANGE_KINDS.length ? CHANGE_KINDS[kind.intValue()] : "of kind " + kind;
          findings.add(
              Finding.of(
                      "change attribute",
                      isCoarse ? NOTE : OK,
                      shown,
                      isCoarse
                          ? "it passes unchanged; changes within one tick of a clock, or that cannot be put in"
                              + " order, may keep old data in clients' caches"
                          : "it passes unchanged, and clients' caches can rely on it",
                      "")
                  .at(byKind.size() > 1 ? paths : List.of()));
        });
  }

  private void flavors() {
    List<String> without = pathsOfViews(FilesystemFindings::isKerberosOnly);
    List<String> beside =
        pathsOfViews(
            view -> has(view, FlavorName::isKerberos) && has(view, FlavorName.SYS::equals));
    if (!without.isEmpty()) {
      findings.add(
          Finding.of(
                  "flavors",
                  CHANGE,
                  "AUTH_SYS is not taken: " + flavorsOf(without.get(0)),
                  "Kerberos passes through the proxy, but its own questions come with AUTH_SYS: it cannot"
                      + " tell these filesystems apart, so rules for single ones cannot be held",
                  "export to the proxy's address with `sec=sys:…` too, and let the proxy's `security` rule"
                      + " demand Kerberos of clients; the origin's keytab must hold nfs/PROXY-NAME")
              .at(without));
    }
    if (!beside.isEmpty()) {
      findings.add(
          Finding.of(
                  "flavors",
                  NOTE,
                  flavorsOf(beside.get(0)),
                  "Kerberos passes through untouched, if the origin's keytab holds nfs/PROXY-NAME; without"
                      + " Kerberos on a client nothing need be done",
                  "add the proxy's name to the origin's keytab")
              .at(beside));
    }
    boolean isTold =
        facts.filesystems.stream()
            .anyMatch(each -> each.views().stream().anyMatch(v -> !v.flavors.isEmpty()));
    if (without.isEmpty() && beside.isEmpty() && isTold) {
      add("flavors", OK, "AUTH_SYS, no Kerberos", "users are who their machines say they are", "");
    }
  }

  private static boolean has(FilesystemView view, Predicate<String> flavor) {
    return view.flavors.stream().anyMatch(flavor);
  }

  private static boolean isKerberosOnly(FilesystemView view) {
    return view.failureStatus == StatusName.WRONGSEC
        || !view.flavors.isEmpty() && !has(view, FlavorName.SYS::equals);
  }

  private String flavorsOf(String path) {
    return facts.filesystems.stream()
        .filter(each -> each.path().equals(path))
        .flatMap(each -> each.views().stream())
        .filter(view -> !view.flavors.isEmpty())
        .map(view -> String.join(", ", view.flavors))
        .findFirst()
        .orElse("WRONGSEC");
  }

  private void locations() {
    List<String> moved = pathsOfViews(view -> view.failureStatus == StatusName.MOVED);
    if (!moved.isEmpty()) {
      findings.add(
          Finding.of(
                  "referrals",
                  NOTE,
                  "elsewhere: " + locationsOf(moved.get(0)),
                  "clients of the proxy get NFS4ERR_ACCESS there: it leads to no other server",
                  "a proxy of its own for that server; or backend.origin.equivalents, if filehandles mean"
                      + " the same there")
              .at(moved));
    }
    List<String> replicas =
        paths(each -> each.v4() != null && each.v4().isReached() && !each.v4().locations.isEmpty());
    if (!replicas.isEmpty()) {
      findings.add(
          Finding.of(
                  "replicas",
                  NOTE,
                  "also at " + locationsOf(replicas.get(0)),
                  "clients of the proxy are told of no place but the proxy",
                  "name it in backend.origin.equivalents, if filehandles mean the same there")
              .at(replicas));
    }
  }

  private String locationsOf(String path) {
    return facts.filesystems.stream()
        .filter(each -> each.path().equals(path) && each.v4() != null)
        .map(each -> String.join(" ", each.v4().locations))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("nobody says where");
  }
}
