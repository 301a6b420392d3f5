package org.nfsproxy.backend.nfs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.backend.OriginProtection;

/** What is counted of TLS towards the origin. */
final class TlsMeasures {
  private TlsMeasures() {}

  static List<Measure> of(OriginProtection now) {
    List<Measure> measures = new ArrayList<>();
    now.handshakes()
        .forEach(
            (outcome, count) ->
                measures.add(
                    new Measure(
                        "origin_tls_handshakes_total",
                        "Attempts to have TLS with the origin, by what became of them; the log says"
                            + " why and what to do. While there are none but failed ones, clients"
                            + " wait.",
                        Map.of("outcome", outcome),
                        count)));
    measures.add(
        Measure.of(
            "origin_tls_handshakes_under_way",
            "Those that have not ended. At backend.origin.tls.handshakesMax others wait.",
            now.underWay()));
    String help =
        "Connections to the origin's NFS port by how they are protected: none, tls. \"none\" is"
            + " possible with backend.origin.tls.mode \"prefer\" alone.";
    String connections = "origin_transport_connections";
    measures.add(new Measure(connections, help, Map.of("transport", "none"), now.none()));
    measures.add(new Measure(connections, help, Map.of("transport", "tls"), now.tls()));
    now.ownExpires()
        .ifPresent(
            expires ->
                measures.add(
                    Measure.of(
                        "origin_own_certificate_expiry_timestamp_seconds",
                        "When the certificate that this proxy shows the origin expires, in seconds"
                            + " since 1970.",
                        expires.getEpochSecond())));
    now.servers()
        .forEach(
            (server, certificate) ->
                measures.add(
                    new Measure(
                        "origin_certificate_expiry_timestamp_seconds",
                        "When the certificate that the origin showed last expires, in seconds since"
                            + " 1970.",
                        Map.of("server", server),
                        certificate.expires().getEpochSecond())));
    return measures;
  }
}
