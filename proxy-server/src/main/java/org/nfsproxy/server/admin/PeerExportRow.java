package org.nfsproxy.server.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.nfsproxy.server.exports.PeerExport;

/** A filesystem that other instances tell of, in the list of exports. */
final class PeerExportRow {
  private PeerExportRow() {}

  static JsonObject of(PeerExport told, JsonObject parameters) {
    JsonObject fsids = new JsonObject();
    told.fsids().forEach(fsid -> fsids.put("nfs" + fsid.nfsVersion(), fsid.toString()));
    return new JsonObject()
        .put("path", told.path())
        .put("paths", new JsonArray().add(told.path()))
        .put("fsid", fsids)
        .put("connected", false)
        .put("state", "told")
        .put("why", "another instance tells of it; the origin is asked when it is met here")
        .put("knownFrom", "fleet")
        .putNull("firstSeen")
        .putNull("lastSeen")
        .put("handles", 0)
        .put("calls", 0)
        .put("refusals", 0)
        .put("parameters", parameters);
  }
}
