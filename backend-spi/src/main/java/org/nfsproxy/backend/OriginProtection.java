package org.nfsproxy.backend;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.nfsproxy.tls.CertificateFacts;

/**
 * How connections to what is behind a backend are protected.
 *
 * @param mode as the configuration says it
 * @param mayBeStripped whether somebody on the way can keep connections from being protected
 * @param tls connections inside TLS now
 * @param none connections now in the clear that could have it
 * @param underWay handshakes that have not ended
 * @param handshakes those that have, by what became of them
 * @param certificate of this proxy; empty for none
 * @param ownExpires when it, or one that leads to its CA, expires
 * @param servers the certificate that each server showed last
 */
public record OriginProtection(
    String mode,
    boolean mayBeStripped,
    long tls,
    long none,
    long underWay,
    Map<String, Long> handshakes,
    Optional<CertificateFacts> certificate,
    Optional<Instant> ownExpires,
    Map<String, CertificateFacts> servers) {}
