package org.nfsproxy.backend.nfs.tls;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ImmediateExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.tls.CertificateFacts;
import org.nfsproxy.tls.OwnCertificate;

/** Looks at what a server shows of itself by TLS, whether it is to be trusted or not. */
public final class TlsLook {
  private TlsLook() {}

  /**
   * What was seen.
   *
   * @param isOffered whether the server says STARTTLS
   * @param outcome of asking for TLS, the handshake, and a NULL call inside
   * @param detail of one that went wrong
   * @param certificate that was shown; null for none
   */
  public record Seen(
      boolean isOffered,
      OriginHandshake outcome,
      String detail,
      @Nullable CertificateFacts certificate) {}

  /**
   * Looks, on a connection of its own that is closed then.
   *
   * @param channel connected; nothing was sent, and nothing read
   * @param name that the certificate should have
   * @param ca who may have signed it; empty for those that Java trusts
   * @param own shown if it asks for one; null for none
   * @param millis how long it may take
   * @return what was seen; fails only where Java has no TLS
   */
  public static Future<Seen> at(
      Channel channel,
      String name,
      int port,
      List<X509Certificate> ca,
      @Nullable OwnCertificate own,
      int millis) {
    Promise<Seen> promise = Promise.promise();
    try {
      SeenTrust trust = new SeenTrust(Trust.in(ca));
      ClientEnd end = ClientEnd.of(trust, own);
      Look look = new Look(channel, trust, promise);
      channel
          .eventLoop()
          .execute(
              () ->
                  channel
                      .pipeline()
                      .addFirst(
                          new StartTls(
                              () -> {
                                look.isOffered = true;
                                return end.newHandler(
                                    channel.alloc(),
                                    name,
                                    port,
                                    millis,
                                    ImmediateExecutor.INSTANCE);
                              },
                              own != null,
                              false,
                              millis,
                              look)));
    } catch (SSLException | GeneralSecurityException noTls) {
      channel.close();
      promise.fail(noTls);
    }
    return promise.future();
  }

  /** Of one connection, on its event loop. */
  private static final class Look implements StartTls.Ended {
    private final Channel channel;
    private final SeenTrust trust;
    private final Promise<Seen> promise;
    private boolean isOffered;

    Look(Channel channel, SeenTrust trust, Promise<Seen> promise) {
      this.channel = channel;
      this.trust = trust;
      this.promise = promise;
    }

    @Override
    public void well(@Nullable X509Certificate certificate) {
      seen(OriginHandshake.OK, "");
      channel.close();
    }

    @Override
    public void badly(OriginHandshake outcome, String detail) {
      seen(outcome, detail);
    }

    @Override
    public void givenUp() {
      seen(OriginHandshake.ENDED_BY_ORIGIN, "");
    }

    private void seen(OriginHandshake outcome, String detail) {
      X509Certificate shown = trust.seen();
      promise.tryComplete(
          new Seen(isOffered, outcome, detail, shown == null ? null : CertificateFacts.of(shown)));
    }
  }
}
