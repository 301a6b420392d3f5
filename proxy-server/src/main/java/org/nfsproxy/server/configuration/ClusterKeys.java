package org.nfsproxy.server.configuration;

import static org.nfsproxy.configuration.Key.bool;
import static org.nfsproxy.configuration.Key.int32;
import static org.nfsproxy.configuration.Key.text;
import static org.nfsproxy.configuration.Key.texts;

import java.util.List;
import java.util.regex.Pattern;
import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.TextForm;
import org.nfsproxy.server.policy.ClientMatch;

/** The keys of {@code cluster}. */
final class ClusterKeys {
  private static final int DAY_MILLIS = 24 * 3600 * 1000;
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final TextForm WORD_FORM =
      TextForm.of(
          text -> WORD.matcher(text).matches(),
          "1 to 64 letters, digits, dots, dashes and underscores",
          WORD.pattern());
  private static final String NAME_PATTERN = "[A-Za-z0-9._-]{1," + MarkName.CLUSTER_NAME_MAX + "}";

  static final Key<Boolean> ENABLED =
      bool(
          "cluster.enabled",
          false,
          "Whether this instance tells other instances of the same proxy which filesystems it"
              + " found, and hears of theirs. They serve clients just as well without.",
          "One instance has nobody to tell.");

  static final Key<String> NAME =
      text(
          "cluster.name",
          "nfs-proxy",
          TextForm.of(
              text -> text.matches(NAME_PATTERN),
              "1 to "
                  + MarkName.CLUSTER_NAME_MAX
                  + " letters, digits, dots, hyphens and underscores",
              NAME_PATTERN),
          "What all instances of one proxy have in common, and no other proxy of the same origin"
              + " has. It marks the identity of clients and origin, see backend.identity: to change it"
              + " costs clients their locks when the origin restarts next, unless they mount anew."
              + " Where it is not set, and anything in `exports` is, the mark is this default and"
              + " eight digits that are made from `exports` at the start. Set it where rules change.",
          "One proxy for one origin need not be told from others, and two with different rules are"
              + " told by these.");

  static final Key<String> INSTANCE =
      text(
          "cluster.instance",
          "",
          WORD_FORM.orEmpty(),
          "This instance's name, another one for each. Empty is the host's name and the number of"
              + " the process.",
          "No two instances have the same, and an administrator finds the process.");

  static final Key<String> HOST =
      text(
          "cluster.host",
          "127.0.0.1",
          new TextForm(
              text -> !text.equals("*") && ClientMatch.isClient(text),
              "an IP address of this machine, or a network such as 10.0.0.0/8 that it has an address"
                  + " in",
              Forms.CLIENT.pattern().substring("\\*|".length()),
              Forms::hostBits),
          "Where the other instances reach this one. Whoever reaches it can read and write what"
              + " instances tell each other: keep it on a network of their own.",
          "Whoever wants more than this machine to reach it, should decide so.");

  static final Key<String> PAGE =
      text(
          "cluster.page",
          "",
          PageUrl.FORM.orEmpty(),
          "The URL at which administrators read the page of this instance, to which those of the"
              + " others have a link. Empty is where it is served, if `admin.host` names one address"
              + " that is not loopback's; otherwise there is no link.",
          "Only an administrator knows of a gateway before it.");

  static final Key<Integer> PORT =
      int32(
          "cluster.port",
          5701,
          1,
          65535,
          "Its TCP port. If it is taken the log says so, and it is tried again later.",
          "The port of Hazelcast, which carries what is told.");

  static final Key<List<String>> TCP_IP =
      texts(
          "cluster.join.tcpIp",
          List.of(),
          TextForm.of(
              Cluster::isMember,
              "an address or a name, with or without a port; an IPv6 address in brackets",
              "(\\[" + Hosts.IPV6 + "\\]|" + Hosts.IPV4 + "|[A-Za-z0-9_.-]{1,254})(:[0-9]{1,5})?"),
          "The other instances, all or some of them; this one may be among them.",
          "One of the ways to find them must be given.");

  static final Key<String> MULTICAST_GROUP =
      text(
          "cluster.join.multicast.group",
          "",
          TextForm.of(
                  Cluster::isMulticast,
                  "an IPv4 multicast address such as 224.2.2.3",
                  "(22[4-9]|23[0-9])\\..*")
              .orEmpty(),
          "Another way to find them: by multicast on the local network.",
          "Off: most networks do not carry it.");

  static final Key<Integer> MULTICAST_PORT =
      int32(
          "cluster.join.multicast.port",
          54327,
          1,
          65535,
          "The UDP port of the group.",
          "Hazelcast's own.");

  static final Key<String> KUBERNETES_DNS =
      text(
          "cluster.join.kubernetes.serviceDns",
          "",
          TextForm.of(Hosts::isHost, "a host name", Hosts.HOST.pattern()).orEmpty(),
          "Another way: the name of a headless Service, whose DNS answer lists the pods.",
          "Off.");

  static final Key<String> KUBERNETES_SERVICE =
      text(
          "cluster.join.kubernetes.serviceName",
          "",
          WORD_FORM.orEmpty(),
          "Another way: the name of a Service whose endpoints are asked of the Kubernetes API. The"
              + " pod's account must be allowed to read them.",
          "Off.");

  static final Key<String> KUBERNETES_NAMESPACE =
      text(
          "cluster.join.kubernetes.namespace",
          "default",
          WORD_FORM,
          "The namespace of that Service.",
          "Kubernetes' own default.");

  static final Key<Integer> HEARTBEAT_SECONDS =
      int32(
          "cluster.heartbeatSeconds",
          10,
          2,
          300,
          "An instance that was silent for this long is taken for gone.",
          "A pause of the machine or the Java heap may last some seconds; nobody waits for a silent"
              + " instance meanwhile.");

  static final Key<Integer> LOOKUP_MILLIS =
      int32(
          "cluster.lookupMillis",
          50,
          1,
          5_000,
          "What is waited for the others' word on a filesystem that is new here, before the origin is"
              + " asked alone.",
          "A hundred times what an answer takes, and less than asking the origin the long way.");

  static final Key<Integer> BACK_OFF_MILLIS =
      int32(
          "cluster.backOffMillis",
          10_000,
          100,
          DAY_MILLIS,
          "After an answer came late, or an instance left, nobody is asked for this long.",
          "As long as it takes to find out that an instance is gone.");

  static final Key<Integer> ENTRY_SECONDS =
      int32(
          "cluster.entrySeconds",
          300,
          10,
          300,
          "How long it is kept what an instance told and does not repeat. It repeats it five times"
              + " as often.",
          "What an instance found is of use for a while after it is gone, and at most five minutes"
              + " old.");

  static final List<Key<?>> ALL =
      List.of(
          ENABLED,
          NAME,
          INSTANCE,
          HOST,
          PORT,
          PAGE,
          TCP_IP,
          MULTICAST_GROUP,
          MULTICAST_PORT,
          KUBERNETES_DNS,
          KUBERNETES_SERVICE,
          KUBERNETES_NAMESPACE,
          HEARTBEAT_SECONDS,
          LOOKUP_MILLIS,
          BACK_OFF_MILLIS,
          ENTRY_SECONDS);

  private ClusterKeys() {}
}
