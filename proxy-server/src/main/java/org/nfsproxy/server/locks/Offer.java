package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import org.nfsproxy.server.locks.journal.Journal;
import org.nfsproxy.server.member.MemberSecret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what the journal of an earlier life has, and no owner has seen, into the shared records. */
// All instances were down, say, and another one than the last owner has the address when they are
// back: what that one knows of may be too little.
final class Offer {
  private static final Logger log = LoggerFactory.getLogger(Offer.class);

  private final Vertx vertx;
  private final LockSettings settings;
  private final LockInstances instances;

  Offer(Vertx vertx, LockSettings settings, LockInstances instances) {
    this.vertx = vertx;
    this.settings = settings;
    this.instances = instances;
  }

  /**
   * Does it, once. The journal is closed again then.
   *
   * @return whether there was anything
   */
  Future<Boolean> make() {
    HeldLocks file = new HeldLocks(new OwnerRows(Integer.MAX_VALUE), settings.bounds());
    return Journal.open(
            vertx,
            settings.stateDirectory(),
            file::everything,
            settings.bounds().unwrittenBytesMax())
        .compose(journal -> make(journal, file).eventually(journal::close))
        .onFailure(
            why ->
                log.warn(
                    "the journal in {} cannot be read, and what only it knows of locks nobody hears:"
                        + " {}",
                    settings.stateDirectory(),
                    String.valueOf(why.getMessage())));
  }

  private Future<Boolean> make(Journal journal, HeldLocks file) {
    journal.takeRead().forEach(payload -> LockRecords.read(payload, file));
    if (file.size() == 0) {
      return Future.succeededFuture(false);
    }
    SharedRecords records = instances.records();
    MemberSecret secret = new MemberSecret("locks", instances.secret());
    return OnLoop.of(vertx, records.ready().compose(there -> records.read(SharedForm.TERM)))
        .compose(
            was -> {
              TermRecord now = SharedTerm.read(secret, was);
              Map<String, byte[]> unseen = new HashMap<>();
              for (HeldEntry entry : file.all()) {
                if (!now.hasSeen(file.ofTerm(), entry.sequence)) {
                  String key = SharedForm.held(file.ofTerm(), entry.key);
                  unseen.put(key, secret.sealed(key, LockRecords.held(entry)));
                }
              }
              if (unseen.isEmpty()) {
                return Future.succeededFuture(false);
              }
              log.info(
                  "{} files with locks in the journal are known to no owner that there was since: the"
                      + " other instances are told",
                  unseen.size());
              return OnLoop.of(vertx, records.write(unseen)).map(true);
            });
  }
}
