package org.nfsproxy.backend.nfs.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.OriginProtection;
import org.nfsproxy.concurrent.WaitingQueue;
import org.nfsproxy.configuration.FileMistakes;
import org.nfsproxy.tls.CertificateFacts;
import org.nfsproxy.tls.ExpiryNotice;
import org.nfsproxy.tls.HandshakeThreads;
import org.nfsproxy.tls.OutcomeCounts;
import org.nfsproxy.tls.TlsFilesException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS towards the origin and its equivalents, by the certificates of the moment. For any thread.
 */
public final class OriginTls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OriginTls.class);

  private record Current(OriginTlsMaterial material, ClientEnd end) {}

  private final Vertx vertx;
  private final OriginTlsSettings settings;
  private final HandshakeThreads threads = HandshakeThreads.start("tls-handshakes-origin");
  private final OutcomeCounts<OriginHandshake> counts = new OutcomeCounts<>(OriginHandshake.class);
  private final List<SecuredServer> servers = new CopyOnWriteArrayList<>();
  private final WaitingQueue<Integer> places;
  private final ExpiryNotice expiry =
      new ExpiryNotice("backend.origin.tls", "the origin refuses it, and clients wait");
  private final FileMistakes mistakes = new FileMistakes();
  private final Object lock = new Object();
  private @Nullable Future<Void> loading;
  private volatile @Nullable Current current;

  /**
   * Reads nothing yet.
   *
   * @param settings where it is not off
   */
  public OriginTls(Vertx vertx, OriginTlsSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    // As many wait as clients have connections, which are bounded where they are accepted.
    this.places =
        new WaitingQueue<>(
            IntStream.range(0, settings.handshakesMax()).boxed().toList(),
            Integer.MAX_VALUE,
            "connections wait for a handshake with the origin");
  }

  /**
   * One of those that may serve as the origin.
   *
   * @param host as configured, whose name its certificate must have unless another is configured
   * @param port of NFS
   */
  public SecuredServer towards(String host, int port) {
    SecuredServer server =
        new SecuredServer(this, host, port, settings.name().isEmpty() ? host : settings.name());
    servers.add(server);
    return server;
  }

  /**
   * Reads the files, if nobody has.
   *
   * @return fails with a message for the administrator if they cannot be used
   */
  public Future<Void> load() {
    synchronized (lock) {
      if (loading == null) {
        loading = vertx.executeBlocking(this::read, false).mapEmpty();
      }
      return loading;
    }
  }

  private Current read() throws IOException {
    try {
      OriginTlsMaterial material = settings.files().read();
      Current first = new Current(material, end(material));
      current = first;
      if (material.own() != null) {
        tellExpiry(material, System.currentTimeMillis());
      }
      return first;
    } catch (TlsFilesException | SSLException | GeneralSecurityException unusable) {
      throw new IOException(unusable.getMessage(), unusable);
    }
  }

  private static ClientEnd end(OriginTlsMaterial material)
      throws SSLException, GeneralSecurityException {
    return ClientEnd.of(Trust.in(material.ca()), material.own());
  }

  /**
   * Looks whether the files have changed, and when what is in them expires. Blocks for as long as
   * the disk takes; one caller at a time, after {@link #load}.
   *
   * @param nowMillis the time, of the epoch
   */
  public void look(long nowMillis) {
    Current before = current;
    if (before == null) {
      return;
    }
    OriginTlsMaterial material = before.material;
    try {
      OriginTlsMaterial now = settings.files().read();
      if (!now.equals(material)) {
        current = new Current(now, end(now));
        material = now;
        log.info("the files of backend.origin.tls are others now; connections go on");
      }
      mistakes.none();
    } catch (TlsFilesException | SSLException | GeneralSecurityException unusable) {
      String mistake = String.valueOf(unusable.getMessage());
      if (mistakes.isToBeTold(mistake)) {
        log.warn("{}. What was read before stays in force", mistake);
      }
    }
    tellExpiry(material, nowMillis);
  }

  private void tellExpiry(OriginTlsMaterial material, long nowMillis) {
    String notice = material.own() == null ? null : expiry.at(nowMillis, material.own());
    if (notice != null) {
      log.warn(notice);
    }
  }

  // ---- for connections --------------------------------------------------------------------------

  boolean mayBeClear() {
    return settings.mode() == OriginTlsMode.PREFER;
  }

  int handshakeMillis() {
    return settings.handshakeMillis();
  }

  boolean hasOwn() {
    Current now = current;
    return now != null && now.material.own() != null;
  }

  /** This side's end for one connection; only after {@link #load}. */
  SslHandler newHandler(ByteBufAllocator alloc, String name, int port) {
    Current now = current;
    if (now == null) {
      throw new IllegalStateException("nothing has been read");
    }
    ClientEnd end = now.end;
    return threads.newHandler(
        executor -> end.newHandler(alloc, name, port, settings.handshakeMillis(), executor));
  }

  Future<Integer> take(BooleanSupplier hasGivenUp) {
    return places.take(hasGivenUp);
  }

  void giveBack(int place) {
    places.giveBack(place);
  }

  /** Counts an attempt, and tells of one that failed, a line a minute for each kind. */
  void count(OriginHandshake outcome, String server, String detail) {
    counts.count(outcome);
    if (outcome == OriginHandshake.OK) {
      return;
    }
    long others = counts.othersToTell(outcome, System.nanoTime() / 1_000_000_000L);
    if (others < 0) {
      return;
    }
    if (outcome == OriginHandshake.NOT_OFFERED && mayBeClear()) {
      log.warn(
          "{} offers no TLS ({}): connections to it are in the clear, since backend.origin.tls.mode is"
              + " \"prefer\"{}",
          server,
          detail,
          OutcomeCounts.others(others));
    } else {
      log.warn(
          "no TLS with {}: {} ({}). Cure: {}{}",
          server,
          outcome.words(),
          detail,
          outcome.cure(),
          OutcomeCounts.others(others));
    }
  }

  // ---- for those who look -----------------------------------------------------------------------

  /** What is known now. */
  public OriginProtection now() {
    Current now = current;
    OriginTlsMaterial material = now == null ? null : now.material;
    return new OriginProtection(
        settings.mode().name().toLowerCase(Locale.ROOT),
        mayBeClear(),
        servers.stream().mapToLong(SecuredServer::secured).sum(),
        servers.stream().mapToLong(SecuredServer::clear).sum(),
        servers.stream().mapToLong(SecuredServer::underWay).sum(),
        counts.numbers(),
        material == null || material.own() == null
            ? Optional.empty()
            : Optional.of(CertificateFacts.of(material.own().certificate())),
        material == null || material.own() == null
            ? Optional.empty()
            : Optional.of(material.own().expires()),
        servers.stream()
            .filter(each -> each.certificate() != null)
            .collect(
                Collectors.toMap(
                    SecuredServer::toString,
                    each -> Objects.requireNonNull(each.certificate()),
                    (one, same) -> one,
                    TreeMap::new)));
  }

  /** Ends its threads; handshakes that are under way fail. */
  @Override
  public void close() {
    places.end(new IOException("the proxy stops"));
    threads.close();
  }
}
