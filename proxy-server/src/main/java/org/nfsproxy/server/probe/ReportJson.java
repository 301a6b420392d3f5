package org.nfsproxy.server.probe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.nfs.tls.TlsLook;
import org.nfsproxy.tls.CertificateFacts;

/** A report as JSON. What was not seen is left out; numbers are in bytes, seconds, microseconds. */
final class ReportJson {
  /** Of this form: raised when a name changes its meaning or goes. */
  private static final int FORM = 1;

  private ReportJson() {}

  static JsonObject of(ProbeReport report) {
    ProbeFacts facts = report.facts();
    JsonObject json =
        new JsonObject()
            .put("form", FORM)
            .put("verdict", report.verdict().word())
            .put("exitStatus", report.verdict().exitStatus())
            .put("complete", facts.isComplete)
            .put("origin", origin(facts));
    if (facts.isReached) {
      json.put("programs", programs(facts))
          .put("nfs", new JsonArray(facts.versionNames()))
          .put("mountPort", facts.mountPort)
          .put("tls", facts.tls == ProbeFacts.Tls.OFFERED);
      tls(json, facts.tlsSeen);
      server(json, facts);
      json.put("pathsFound", facts.pathsFound).put("filesystems", filesystems(facts));
    }
    return json.put("findings", findings(report));
  }

  private static void tls(JsonObject json, TlsLook.@Nullable Seen seen) {
    CertificateFacts shown = seen == null ? null : seen.certificate();
    if (seen == null || shown == null) {
      return;
    }
    JsonObject certificate =
        new JsonObject()
            .put("subject", shown.subject())
            .put("names", array(shown.names()))
            .put("issuer", shown.issuer())
            .put("expires", shown.expires().toString())
            .put("daysLeft", shown.daysLeft(Instant.now()))
            .put("trusted", TlsFinding.isTrusted(seen.outcome()));
    json.put("tlsCertificate", certificate)
        .put("tlsHandshake", seen.outcome().name().toLowerCase(Locale.ROOT));
  }

  private static JsonObject origin(ProbeFacts facts) {
    JsonObject origin =
        new JsonObject()
            .put("host", facts.asked.host())
            .put("port", facts.asked.nfsPort())
            .put("addresses", array(facts.addresses))
            .put("reached", facts.isReached)
            .put("asked", facts.mayReserve ? "from a port below 1024" : "from any port");
    if (!facts.roundTripNanos.isEmpty()) {
      int last = facts.roundTripNanos.size() - 1;
      origin.put(
          "roundTripMicros",
          new JsonObject()
              .put("least", facts.roundTripNanos.get(0) / 1000)
              .put("median", facts.roundTripNanos.get(last / 2) / 1000)
              .put("most", facts.roundTripNanos.get(last) / 1000));
    }
    return origin;
  }

  private static JsonArray array(Collection<?> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  private static JsonArray programs(ProbeFacts facts) {
    JsonArray rows = new JsonArray();
    for (ProgramRow row : facts.programs) {
      rows.add(
          new JsonObject()
              .put("program", Integer.toUnsignedLong(row.program))
              .put("name", ProgramName.of(row.program))
              .put("versions", array(row.versions.stream().map(Integer::toUnsignedLong).toList()))
              .put("transport", row.transport)
              .put("port", row.port)
              .put("registered", row.isRegistered));
    }
    return rows;
  }

  private static void server(JsonObject json, ProbeFacts facts) {
    if (facts.introduction != null) {
      Introduction said = facts.introduction;
      json.put(
          "server",
          new JsonObject()
              .put("owner", said.owner())
              .put("minorId", Long.toUnsignedString(said.minorId()))
              .put("scope", said.scope())
              .put("implementation", said.implementation())
              .put("pnfsMetadata", said.isMetadataServer())
              .put("pnfsData", said.isDataServer()));
    }
    if (facts.session != null) {
      SessionGrant grant = facts.session;
      json.put(
          "session",
          new JsonObject()
              .put("slots", grant.slots())
              .put("operations", grant.operationsMax())
              .put("requestBytes", grant.requestBytesMax())
              .put("replyBytes", grant.replyBytesMax())
              .put("cachedReplyBytes", grant.cachedBytesMax())
              .put("backChannel", grant.backChannel())
              .put("persistent", grant.persistent()));
    }
    if (facts.leaseSeconds > 0) {
      json.put("leaseSeconds", facts.leaseSeconds);
    }
  }

  private static JsonArray filesystems(ProbeFacts facts) {
    JsonArray all = new JsonArray();
    for (ProbedFilesystem each : facts.filesystems) {
      JsonObject filesystem =
          new JsonObject()
              .put("path", each.path())
              .put("listed", each.isListed())
              .put("port", each.port().name().toLowerCase(Locale.ROOT))
              .put("root", root(each.rootAccess()));
      for (FilesystemView view : each.views()) {
        filesystem.put("v" + view.version, view(view));
      }
      all.add(filesystem);
    }
    return all;
  }

  private static JsonObject root(RootAccess seen) {
    return new JsonObject()
        .put("is", seen.kind().name().toLowerCase(Locale.ROOT))
        .put("sure", seen.isSure())
        .put("why", seen.why());
  }

  private static JsonObject view(FilesystemView view) {
    JsonObject json = new JsonObject().put("flavors", array(view.flavors));
    if (!view.failure.isEmpty()) {
      json.put("failure", view.failure);
    }
    if (!view.locations.isEmpty()) {
      json.put("locations", array(view.locations));
    }
    if (!view.isReached()) {
      return json;
    }
    json.put("handle", handle(view));
    if (view.hasIdentity) {
      json.put("fsid", view.fsid()).put("fileid", Long.toUnsignedString(view.fileid));
    }
    return put(
        put(
            put(put(json, "readBytes", view.readMax), "writeBytes", view.writeMax),
            "fhExpireType",
            view.expireType),
        "changeAttrType",
        view.changeKind);
  }

  private static JsonObject put(JsonObject json, String name, long value) {
    return value < 0 ? json : json.put(name, value);
  }

  private static JsonObject handle(FilesystemView view) {
    return new JsonObject()
        .put("rootBytes", view.reachedRoot().length())
        .put("entryBytes", view.entryHandleBytes)
        .put("entriesSeen", view.entriesSeen)
        .put("fsidBy", FsidKind.of(view.reachedRoot()).name().toLowerCase(Locale.ROOT))
        .put("kernelReexportBytes", KernelReexport.handleBytes(view.handleBytes()))
        .put("kernelReexportFits", KernelReexport.fits(view.handleBytes()));
  }

  private static JsonArray findings(ProbeReport report) {
    JsonArray all = new JsonArray();
    for (Finding each : report.findings()) {
      all.add(
          new JsonObject()
              .put("name", each.name())
              .put("severity", each.severity().name().toLowerCase(Locale.ROOT))
              .put("found", each.found())
              .put("means", each.means())
              .put("cure", each.cure())
              .put("paths", array(each.paths())));
    }
    return all;
  }
}
