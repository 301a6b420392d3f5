package org.nfsproxy.backend.nfs.connect;

import java.util.List;
import java.util.stream.Stream;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.backend.nfs.tls.OriginTlsKeys;
import org.nfsproxy.configuration.Applied;
import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.TextForm;

// Every key of this backend, with its default and where that comes from.
public final class NfsKeys {
  private static final int MILLIS_MIN = 100;
  private static final int MILLIS_MAX = 600_000;

  static final Key<Identity> IDENTITY =
      Key.choice(
          "backend.identity",
          Identity.OWN,
          "What clients of NFSv4 take the proxy for: a server of its own, marked by `cluster.name`, or"
              + " the origin. docs/guide/identity.md says what follows from it, and from changing it.",
          "A client that took the proxy for the origin would send the traffic of both over one"
              + " address, past the rules.");

  static final Key<String> HOST =
      Key.required(
              "backend.origin.host",
              Hosts.HOST,
              "The NFS server to re-export. A name is resolved anew for each connection.")
          .applied(Applied.AT_RESTART_WITH_ALL);

  static final Key<Integer> PORT =
      Key.int32(
              "backend.origin.port",
              2049,
              1,
              65535,
              "Its NFS port, TCP.",
              "NFS's own port, where a Linux server is.")
          .applied(Applied.AT_RESTART_WITH_ALL);

  static final Key<Integer> MOUNT_PORT =
      Key.int32(
          "backend.origin.ports.mount",
          0,
          0,
          65535,
          "Its MOUNT port, TCP, which NFSv2 and v3 need. 0 asks its portmapper.",
          "MOUNT has no port of its own; the portmapper knows.");

  static final Key<Integer> ACL_PORT =
      Key.int32(
          "backend.origin.ports.acl",
          0,
          0,
          65535,
          "Its NFS_ACL port, TCP. 0 asks its portmapper, and is the NFS port if that has no"
              + " answer.",
          "Linux serves it at the NFS port.");

  static final Key<Integer> NLM_PORT =
      Key.int32(
          "backend.origin.ports.nlm",
          0,
          0,
          65535,
          "Its NLM port, TCP, for locks of NFSv3 (`locks.enabled`). 0 asks its portmapper.",
          "NLM has no port of its own; the portmapper knows.");

  static final Key<ReservedPortPolicy> RESERVED_PORTS =
      Key.choice(
          "backend.origin.reservedPorts",
          ReservedPortPolicy.AUTO,
          "Whether connections to the origin leave from ports below 1024: where one can be had"
              + " within a second, always (and otherwise no connection), or never.",
          "A Linux origin refuses others unless its export says `insecure`.");

  static final Key<Integer> RESERVED_PORTS_PER_CLIENT_MAX =
      Key.int32(
          "backend.origin.reservedPortsPerClientMax",
          64,
          0,
          65535,
          "Ports below 1024 that one client address gets while there are any. Beyond it, the last"
              + " ones are kept for others: 4, and 16 for each other address that has any, at most a"
              + " quarter of all. 0 keeps none.",
          "Four mounts with `nconnect=16`. Behind a balancer or NAT all clients may have one address,"
              + " which may therefore have nearly all.");

  static final Key<List<String>> LOCAL_ADDRESSES =
      Key.texts(
          "backend.origin.localAddresses",
          List.of(),
          TextForm.of(Hosts::isAddress, "an IP address of this machine", Hosts.ADDRESS.pattern()),
          "Where connections to the origin leave from. Each address has "
              + ReservedPorts.PORTS
              + " reserved ports, one for each client connection and program port, and two of them for"
              + " the proxy's own questions.",
          "The system chooses.");

  static final Key<Integer> CONNECT_MILLIS =
      Key.int32(
          "backend.origin.connectMillis",
          2_500,
          MILLIS_MIN,
          MILLIS_MAX,
          "How long one attempt to connect to the origin may take.",
          "A second SYN leaves after one second, and answers come within a round trip.");

  static final Key<Integer> WAIT_MILLIS =
      Key.int32(
          "backend.origin.waitMillis",
          15_000,
          MILLIS_MIN,
          MILLIS_MAX,
          "How long a client's first call waits for an origin that is away, while attempts go on."
              + " Then the client's connection is closed, and it tries again itself.",
          "Longer than a restart of a server's threads, shorter than the 60 seconds that a Linux"
              + " client waits for a reply.");

  static final Key<Integer> QUIET_MILLIS =
      Key.int32(
          "backend.origin.quietMillis",
          10_000,
          MILLIS_MIN,
          MILLIS_MAX,
          "After how long without anything from the origin it is asked, by a NULL call, whether it"
              + " answers; the log and GET /info tell of its loss and of its return.",
          "Sooner than somebody whose client hangs has begun to look, and six calls a minute where no"
              + " client is.");

  static final Key<Integer> DELAY_REPEAT_MILLIS =
      Key.int32(
          "backend.origin.delayRepeatMillis",
          15_000,
          0,
          MILLIS_MAX,
          "A client that was cut off sends its calls again through another connection, and while the"
              + " origin still executes the first of two it answers NFS4ERR_DELAY to SEQUENCE. The"
              + " call is then repeated to the origin for so long before the client is told. 0 tells"
              + " it at once.",
          "A Linux client that is told sleeps for 15 seconds.");

  static final Key<Long> DELAY_REPEAT_BYTES_MAX =
      Key.int64(
          "backend.origin.delayRepeatBytesMax",
          64L << 20,
          0,
          1L << 40,
          "Bytes of calls that are kept for it, all connections together: those sent in the first"
              + " seconds of a connection, until their replies come. Beyond it, clients are told"
              + " DELAY.",
          "A session of 64 slots, each with a write of 1 MiB.");

  static final Key<List<String>> EQUIVALENTS =
      Key.texts(
          "backend.origin.equivalents",
          List.of(),
          TextForm.of(
              OriginAddress::isForm,
              OriginAddress.FORM,
              "(\\[" + Hosts.IPV6 + "\\]|" + Hosts.IPV4 + "|[A-Za-z0-9_.-]{1,254})(:[0-9]{1,5})?"),
          "Servers on which the origin's filehandles mean the same, and that know its clients' state"
              + " or are not active beside it. When the one that serves cannot be reached, the origin"
              + " and then these are tried in order. Clients are led to no other server. Without a"
              + " port, it is that of the origin.",
          "Only the administrator knows of any.");

  private static final List<Key<?>> OWN =
      List.of(
          IDENTITY,
          HOST,
          PORT,
          RESERVED_PORTS,
          RESERVED_PORTS_PER_CLIENT_MAX,
          LOCAL_ADDRESSES,
          CONNECT_MILLIS,
          WAIT_MILLIS,
          QUIET_MILLIS,
          DELAY_REPEAT_MILLIS,
          DELAY_REPEAT_BYTES_MAX,
          EQUIVALENTS,
          MOUNT_PORT,
          ACL_PORT,
          NLM_PORT);

  public static final List<Key<?>> ALL =
      Stream.concat(OWN.stream(), OriginTlsKeys.ALL.stream()).toList();

  private NfsKeys() {}
}
