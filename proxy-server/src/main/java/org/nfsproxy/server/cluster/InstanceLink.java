package org.nfsproxy.server.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Fleet;
import org.nfsproxy.server.configuration.Cluster;
import org.nfsproxy.server.exports.PeerExports;
import org.nfsproxy.server.locks.SharedRecords;

/** What binds this instance to the others of the same proxy, if anything does. */
public interface InstanceLink {
  /**
   * Another instance, or this one.
   *
   * @param name its name, as it says
   * @param address where the others reach it
   * @param page where its page is read, by http or https; null if it says nothing that is that
   * @param self whether it is this one
   */
  record Instance(String name, String address, @Nullable String page, boolean self) {}

  /**
   * How it goes, for the administrator.
   *
   * @param joined whether others are there and well; else this instance goes on alone
   * @param why it goes on alone; empty if it does not
   * @param sinceMillis since when, in milliseconds since 1970
   * @param address where the others reach it; empty before that is known
   * @param exportsTold filesystems that this instance tells of
   * @param exportsHeard filesystems that anybody tells of
   * @param lateLookups those that had no answer in time
   * @param refused entries that were of no form of ours
   */
  record Report(
      boolean joined,
      String why,
      long sinceMillis,
      String cluster,
      String instance,
      String address,
      List<Instance> instances,
      int exportsTold,
      int exportsHeard,
      long lookups,
      long lateLookups,
      long refused) {}

  /**
   * The link that a configuration asks for. Returns at once; the others are looked for meanwhile.
   *
   * @param settings how the others are found
   * @param page where the page of this one is read; empty if the others are not to be told
   * @param origin what is behind this instance, see {@link org.nfsproxy.backend.Backend#origin}
   * @param exportsMax filesystems that are kept
   */
  static InstanceLink begin(
      Vertx vertx, Cluster settings, String page, String origin, int exportsMax) {
    if (!settings.enabled()) {
      return alone();
    }
    ClusterMember member =
        new ClusterMember(vertx, settings, InstanceName.of(settings), page, origin, exportsMax);
    member.start();
    return member;
  }

  /**
   * No link.
   *
   * @return the link of an instance that is alone
   */
  static InstanceLink alone() {
    Promise<Fleet> never = Promise.promise();
    return new InstanceLink() {
      @Override
      public PeerExports peers() {
        return PeerExports.NONE;
      }

      @Override
      public Future<Fleet> joined() {
        return never.future();
      }

      @Override
      public @Nullable SharedRecords lockRecords() {
        return null;
      }

      @Override
      public @Nullable Supplier<Report> report() {
        return null;
      }

      @Override
      public Future<Void> stop() {
        return Future.succeededFuture();
      }
    };
  }

  /**
   * What the instances tell of the origin's filesystems.
   *
   * @return never null
   */
  PeerExports peers();

  /**
   * What they say on behalf of their backends.
   *
   * @return completes when this instance is one of them, with others there or not; never fails
   */
  Future<Fleet> joined();

  /**
   * What they remember together of locks.
   *
   * @return null if there is no link
   */
  @Nullable SharedRecords lockRecords();

  /**
   * How it goes.
   *
   * @return null if there is no link
   */
  @Nullable Supplier<Report> report();

  /**
   * Leaves the others.
   *
   * @return completes in some seconds at most
   */
  Future<Void> stop();
}
