package org.nfsproxy.server.policy;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a rule sets; null for each that it leaves as it was.
 *
 * @param clients see {@link Parameters#clients}
 * @param access see {@link Parameters#access}
 * @param squash see {@link Squashing#squash}
 * @param anonUid see {@link Squashing#anonUid}
 * @param anonGid see {@link Squashing#anonGid}
 * @param security see {@link Parameters#security}
 * @param versions see {@link Parameters#versions}
 * @param hidden see {@link Parameters#hidden}
 * @param opaque see {@link Parameters#opaque}
 * @param transport see {@link Parameters#transport}
 * @param certificates see {@link Parameters#certificates}
 * @param cache see {@link Parameters#cache}
 */
public record Overrides(
    @Nullable ClientMatch clients,
    @Nullable Access access,
    @Nullable Squash squash,
    @Nullable Integer anonUid,
    @Nullable Integer anonGid,
    @Nullable Set<Security> security,
    @Nullable Set<NfsVersion> versions,
    @Nullable Boolean hidden,
    @Nullable UnreadableCalls opaque,
    @Nullable Set<TransportSecurity> transport,
    @Nullable CertificateMatch certificates,
    @Nullable Caching cache) {

  /** A rule that sets nothing. */
  public static final Overrides NOTHING =
      new Overrides(null, null, null, null, null, null, null, null, null, null, null, null);

  /**
   * Parameters with these keys set.
   *
   * @param base what holds without the rule
   * @return what holds with it
   */
  public Parameters over(Parameters base) {
    Squashing squashing = base.squashing();
    return new Parameters(
        or(clients, base.clients()),
        or(access, base.access()),
        new Squashing(
            or(squash, squashing.squash()),
            or(anonUid, squashing.anonUid()),
            or(anonGid, squashing.anonGid())),
        or(security, base.security()),
        or(versions, base.versions()),
        or(hidden, base.hidden()),
        or(opaque, base.opaque()),
        or(transport, base.transport()),
        or(certificates, base.certificates()),
        or(cache, base.cache()));
  }

  private static <T> T or(@Nullable T set, T base) {
    return set != null ? set : base;
  }
}
