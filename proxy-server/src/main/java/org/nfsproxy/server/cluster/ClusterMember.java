package org.nfsproxy.server.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Fleet;
import org.nfsproxy.server.configuration.Cluster;
import org.nfsproxy.server.configuration.ThisMachine;
import org.nfsproxy.server.exports.PeerExport;
import org.nfsproxy.server.exports.PeerExports;
import org.nfsproxy.server.locks.SharedRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This instance as a member of its cluster. */
// Nothing waits for it. The member is made on the cluster's thread, which takes seconds, and again
// after a while if that fails; until then, and whenever something is wrong, what was heard so far
// is at hand and the origin is asked.
final class ClusterMember implements InstanceLink, MembershipListener, SharedStatements.Members {
  private static final Logger log = LoggerFactory.getLogger(ClusterMember.class);

  /** The port may be taken by an instance that is just ending. */
  private static final int START_AGAIN_MILLIS = 15_000;

  /** Whoever stops waits no longer: the others see the connection end, as when it is killed. */
  private static final int STOP_MILLIS = 2_000;

  /** A member that joins while we begin to listen may not know that we do. */
  private static final int SETTLED_MILLIS = 5_000;

  private static final int TOLD_WITHIN_ITS_TIME = 5;

  private final Vertx vertx;
  private final Cluster settings;
  private final String instance;
  private final String page;
  private final int exportsMax;
  private final RejectedEntries rejected = new RejectedEntries();
  private final ClusterThread thread = new ClusterThread();

  /** Of its own: what is told of exports must not wait for locks, nor locks for that. */
  private final ClusterThread lockThread = new ClusterThread();

  private final ClusterHealth health;
  private final SharedMap<PeerExport> toldMap;
  private final SharedMap<Statement> statementMap;
  private final SharedExports exports;
  private final SharedStatements statements;
  private final SharedLockRecords lockRecords;
  private final Promise<Fleet> joined = Promise.promise();
  private volatile @Nullable HazelcastInstance member;
  private volatile Set<UUID> members = Set.of();
  private volatile String address = "";
  private volatile boolean stopping;

  ClusterMember(
      Vertx vertx, Cluster settings, String instance, String page, String origin, int exportsMax) {
    this.vertx = vertx;
    this.settings = settings;
    this.instance = instance;
    this.page = page;
    this.exportsMax = exportsMax;
    this.health =
        new ClusterHealth(settings.backOffMillis(), System::nanoTime, System::currentTimeMillis);
    PeerExportForm form = new PeerExportForm(origin);
    this.toldMap =
        new SharedMap<>(
            SharedExports.MAP,
            exportsMax * PeerExport.FSIDS_MAX,
            PeerExportForm.BYTES_MAX,
            form,
            rejected);
    this.exports =
        new SharedExports(
            vertx,
            thread,
            health,
            form,
            toldMap,
            settings.lookupMillis(),
            settings.entrySeconds(),
            exportsMax);
    this.statementMap =
        new SharedMap<>(
            SharedStatements.MAP,
            SharedStatements.ENTRIES_MAX,
            Statement.BYTES_MAX,
            Statement::read,
            rejected);
    this.statements =
        new SharedStatements(instance, thread, statementMap, this, settings.entrySeconds());
    this.lockRecords = new SharedLockRecords(lockThread, this);
  }

  void start() {
    thread.run(this::makeMember);
    againLater();
  }

  private void makeMember() {
    if (stopping || member != null) {
      return;
    }
    try {
      InetAddress own = ThisMachine.now().addressIn(settings.host());
      if (own == null) {
        throw new IOException(
            "this machine has no such address: set cluster.host to one of its own, or to a network"
                + " that it has one in");
      }
      if (!own.isLoopbackAddress()) {
        log.warn(
            "cluster: whoever reaches {} port {} can read and change what the instances tell each"
                + " other, and make this one busy: nothing there is encrypted and nobody is asked for"
                + " a password. Keep it on a network of the instances' own",
            own.getHostAddress(),
            settings.port());
      }
      address = own.getHostAddress() + " port " + settings.port();
      HazelcastInstance made =
          Hazelcast.newHazelcastInstance(
              MemberSettings.of(settings, instance, page, own.getHostAddress(), exportsMax));
      made.getCluster().addMembershipListener(this);
      made.getLifecycleService().addLifecycleListener(this::lifeChanged);
      member = made;
      look();
      toldMap.attach(made);
      statementMap.attach(made);
      lockRecords.attach(made);
      health.up(true, members.size() - 1);
      again();
      log.info("cluster: \"{}\" is a member of \"{}\" at {}", instance, settings.name(), address);
      joined.tryComplete(statements);
      if (members.size() == 1) {
        exports.hasNothing();
      }
    } catch (RuntimeException | IOException failed) {
      notMade(ClusterThread.reason(failed));
    }
  }

  private void notMade(String why) {
    HazelcastInstance half = member;
    member = null;
    health.up(false, 0);
    health.trouble("no member: " + why);
    log.warn(
        "cluster: cannot take part at {}: {}. Clients are served all the same; it is tried again in"
            + " {} s",
        address.isEmpty() ? settings.host() : address,
        why,
        START_AGAIN_MILLIS / 1000);
    exports.hasNothing();
    if (half != null) {
      half.getLifecycleService().terminate();
    }
    thread.after(START_AGAIN_MILLIS, this::makeMember);
  }

  // Hazelcast gives up by itself in some cases; the next member is made as the first was.
  private void lifeChanged(LifecycleEvent event) {
    if (event.getState() == LifecycleState.MERGED) {
      thread.run(this::lookAndTell);
      lockRecords.merged();
    } else if (event.getState() == LifecycleState.SHUTDOWN && !stopping) {
      thread.run(this::lost);
    }
  }

  private void lost() {
    if (member != null && !member.getLifecycleService().isRunning()) {
      member = null;
      members = Set.of();
      toldMap.detach();
      statementMap.detach();
      lockRecords.detach();
      notMade("the member ended");
    }
  }

  private void look() {
    HazelcastInstance now = member;
    if (now != null) {
      members =
          now.getCluster().getMembers().stream()
              .map(Member::getUuid)
              .collect(Collectors.toUnmodifiableSet());
      health.others(members.size() - 1);
    }
  }

  private void lookAndTell() {
    look();
    HazelcastInstance now = member;
    if (now != null) {
      lockRecords.settle(now);
    }
    again();
    statements.changed();
  }

  /** Reads and tells everything again: a lost event, a lost entry is one for a minute. */
  private void again() {
    try {
      toldMap.readAll();
      statementMap.readAll();
      exports.again();
      statements.again();
    } catch (RuntimeException failed) {
      health.trouble(ClusterThread.reason(failed));
    }
  }

  private void againLater() {
    long millis = TimeUnit.SECONDS.toMillis(settings.entrySeconds()) / TOLD_WITHIN_ITS_TIME;
    thread.after(
        millis,
        () -> {
          if (member != null) {
            again();
          }
          againLater();
        });
  }

  @Override
  public void memberAdded(MembershipEvent event) {
    String name = event.getMember().getAttribute(MemberSettings.INSTANCE);
    if (instance.equals(name)) {
      log.warn(
          "cluster: {} has the name of this instance, \"{}\": set cluster.instance",
          event.getMember().getAddress(),
          name);
    }
    thread.run(this::lookAndTell);
    thread.after(SETTLED_MILLIS, this::lookAndTell);
  }

  // What the others had of the shared maps is being moved: who asks now may wait for seconds.
  @Override
  public void memberRemoved(MembershipEvent event) {
    health.trouble("an instance left");
    thread.run(this::lookAndTell);
  }

  @Override
  public @Nullable UUID self() {
    HazelcastInstance now = member;
    return now == null ? null : now.getCluster().getLocalMember().getUuid();
  }

  @Override
  public Set<UUID> all() {
    return members;
  }

  @Override
  public PeerExports peers() {
    return exports;
  }

  @Override
  public Future<Fleet> joined() {
    return joined.future();
  }

  @Override
  public @Nullable SharedRecords lockRecords() {
    return lockRecords;
  }

  @Override
  public Supplier<Report> report() {
    return () -> {
      ClusterHealth.Now now = health.now();
      return new Report(
          now.joined(),
          now.why(),
          now.sinceMillis(),
          settings.name(),
          instance,
          address,
          instances(),
          exports.mine(),
          exports.all().size(),
          exports.lookups.get(),
          exports.lateLookups.get(),
          rejected.refused());
    };
  }

  private List<Instance> instances() {
    HazelcastInstance now = member;
    if (now == null || !now.getLifecycleService().isRunning()) {
      return List.of();
    }
    return now.getCluster().getMembers().stream()
        .map(
            each ->
                new Instance(
                    String.valueOf(each.getAttribute(MemberSettings.INSTANCE)),
                    each.getAddress().getHost() + " port " + each.getAddress().getPort(),
                    PageAddress.heard(each.getAttribute(PageAddress.ATTRIBUTE)),
                    each.localMember()))
        .toList();
  }

  @Override
  public Future<Void> stop() {
    stopping = true;
    lockThread.end(lockRecords::detach);
    Promise<Void> stopped = Promise.promise();
    long timer = vertx.setTimer(STOP_MILLIS, late -> stopped.tryComplete());
    thread.end(
        () -> {
          HazelcastInstance last = member;
          member = null;
          if (last != null) {
            last.getLifecycleService().terminate();
          }
          vertx.cancelTimer(timer);
          stopped.tryComplete();
        });
    return stopped.future();
  }
}
