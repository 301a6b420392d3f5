package org.nfsproxy.backend.coordinated.agreement;

import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.nfsproxy.backend.Fleet;

/**
 * Whether this instance may serve one of its filesystems: as long as nobody who goes before it has
 * another one under the same id.
 */
// It asks first (says what it has, without serving), and says that it serves when nothing speaks
// against it. From then on it listens: an instance that joins, leaves or changes its mind may
// change the verdict, for this one too.
//
// It may be told of changes on several threads at a time, also because of what it says itself.
// One thread looks, and looks again if another one was told meanwhile. There is no lock that it
// holds while it speaks: listeners of another filesystem, whose thread speaks too, would wait for
// each other.
public final class Agreement {
  private static final Logger LOG = LoggerFactory.getLogger(Agreement.class);

  private final Fleet fleet;
  private final int id;
  private final String topic;
  private final FilesystemTraits evidence;
  private final Consumer<Boolean> dispute;
  private final AtomicInteger told = new AtomicInteger();
  private boolean serves;
  private boolean isDisputed;

  private Agreement(Fleet fleet, int id, FilesystemTraits evidence, Consumer<Boolean> dispute) {
    this.fleet = fleet;
    this.id = id;
    this.topic = "coordinated-fs.filesystem." + id;
    this.evidence = evidence;
    this.dispute = dispute;
  }

  /**
   * Begins to talk about a filesystem. What was said about it so far has been taken account of when
   * this returns.
   *
   * @param fleet the instances
   * @param id the filesystem's id
   * @param evidence what is under this id here
   * @param dispute told {@code true} when it must no longer be served here, {@code false} when it
   *     may be again; must not block
   */
  public static void over(
      Fleet fleet, int id, FilesystemTraits evidence, Consumer<Boolean> dispute) {
    Agreement agreement = new Agreement(fleet, id, evidence, dispute);
    agreement.say(false);
    agreement.listen();
    fleet.onChange(agreement.topic, agreement::listen);
    agreement.listen();
  }

  private void say(boolean serving) {
    serves = serving;
    long since = serving ? System.currentTimeMillis() : 0;
    fleet.say(topic, new MemberStatement(serving, since, evidence).bytes());
  }

  private void listen() {
    if (told.getAndIncrement() > 0) {
      return;
    }
    int seen;
    do {
      seen = told.get();
      try {
        look();
      } catch (RuntimeException failed) {
        told.set(0);
        throw failed;
      }
    } while (!told.compareAndSet(seen, 0));
  }

  private void look() {
    Map<String, MemberStatement> said = new HashMap<>();
    fleet.heard(topic).forEach((instance, bytes) -> hear(said, instance, bytes));
    said.computeIfAbsent(fleet.instance(), own -> new MemberStatement(serves, 0, evidence));
    Map<String, MemberStatement> goOn = Verdict.goOn(said);
    boolean wasDisputed = isDisputed;
    isDisputed = !goOn.containsKey(fleet.instance());
    if (isDisputed != wasDisputed) {
      dispute.accept(isDisputed);
      tell(goOn);
    }
    if (serves == isDisputed) {
      say(!isDisputed);
    }
  }

  private void hear(Map<String, MemberStatement> said, String instance, byte[] bytes) {
    MemberStatement.read(bytes)
        .ifPresentOrElse(
            statement -> said.put(instance, statement),
            () ->
                LOG.warn(
                    "what instance " + instance + " says of filesystem " + id + " is garbled"));
  }

  private void tell(Map<String, MemberStatement> goOn) {
    if (!isDisputed) {
      LOG.info("filesystem %d (%s) is served again".formatted(id, evidence.path()));
      return;
    }
    goOn.forEach(
        (instance, statement) -> {
          List<String> differences = evidence.differences(statement.evidence());
          LOG.error(
              ("filesystem %d (%s) is not served: instance %s has another one under this id (%s);"
                      + " give each filesystem the same id on every instance, and mount the same"
                      + " disk")
                  .formatted(id, evidence.path(), instance, String.join("; ", differences)));
        });
  }
}
