package org.nfsproxy.server.judge;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.PlaceChanges;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.HeldParameters;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What filesystems were held to at places where they are no more, until the configuration is read
 * anew.
 */
// Whoever may write above a mount point can rename what leads to it, and can make a directory in
// its place. So a name is no way out of a rule, and no way to bring one over others:
//
//   held     a filesystem that loses a path stays held to what it was held to; with what holds at
//            its new path, the stricter of both for each key
//   left     a rule's path that was a filesystem's root keeps to it: what lies there now as a plain
//            directory of another filesystem does not bring the rule over that
//
// Both are of one Rules object: with the next, places are taken as they are then. Called under the
// table's lock only.
final class HeldPlaces implements PlaceChanges {
  private static final Logger log = LoggerFactory.getLogger(HeldPlaces.class);

  private static final String CURE =
      "; if it is meant to be so, name its path in a rule: a changed configuration file is taken"
          + " with all places as they are then";

  /** What an export stays held to; null for nothing under these rules. */
  static @Nullable HeldParameters held(Export export, Rules rules) {
    HeldParameters held = export.held();
    return held != null && held.rules() == rules ? held : null;
  }

  private static final class Left {
    final Export by;
    boolean isTold;

    Left(Export by) {
      this.by = by;
    }
  }

  private final Supplier<Rules> current;
  private final Map<String, Left> left = new HashMap<>();
  private final Set<String> rulePaths = new HashSet<>();
  private @Nullable Rules rules;

  HeldPlaces(Supplier<Rules> current) {
    this.current = current;
  }

  private Rules rules() {
    Rules now = current.get();
    if (now != rules) {
      rules = now;
      left.clear();
      rulePaths.clear();
      now.rules().stream()
          .map(Rule::path)
          .filter(path -> path != null)
          .forEach(path -> rulePaths.add(path.toString()));
    }
    return now;
  }

  @Override
  public void losesPaths(Export export, List<String> remaining) {
    Rules now = rules();
    String path = export.path();
    if (!now.placesMatter() || path == null || losesNothing(export, remaining)) {
      return;
    }
    Parameters before = ExportParameters.workOut(export, now);
    HeldParameters earlier = held(export, now);
    if (earlier != null && earlier.parameters().equals(before)) {
      return;
    }
    export.hold(new HeldParameters(now, before, path));
    if (!remaining.isEmpty()) {
      tell(export, before, remaining, now);
    }
  }

  /** Whether it was away, and is where it was. */
  private static boolean losesNothing(Export export, List<String> remaining) {
    return !remaining.isEmpty()
        && remaining.get(0).equals(export.path())
        && remaining.containsAll(export.paths());
  }

  private static void tell(Export export, Parameters before, List<String> paths, Rules rules) {
    Parameters there = ExportParameters.at(paths, export.fsids(), rules);
    if (!before.and(there).equals(there)) {
      log.warn(
          "the filesystem {} was at {} and is at {}: it stays held to what it was held to there{}",
          export.fsids(),
          export.path(),
          paths.get(0),
          CURE);
    }
  }

  @Override
  public void leaves(Export export) {
    rules();
    String path = export.path();
    if (path != null && rulePaths.contains(path)) {
      left.put(path, new Left(export));
    }
  }

  @Override
  public void arrives(Export export, String path) {
    rules();
    left.remove(path);
  }

  @Override
  public void merges(Export goes, Export stays) {
    Rules now = rules();
    HeldParameters held = held(goes, now);
    String path = goes.path();
    if (goes.state() == Export.State.GONE && path != null && now.placesMatter()) {
      held = new HeldParameters(now, ExportParameters.workOut(goes, now), path);
    }
    if (held != null) {
      holds(stays, held);
    }
  }

  @Override
  public void holds(Export export, HeldParameters more) {
    Rules now = rules();
    if (more.rules() == now) {
      HeldParameters own = held(export, now);
      export.hold(
          own == null
              ? more
              : new HeldParameters(now, own.parameters().and(more.parameters()), more.path()));
    }
  }

  @Override
  public boolean mayContain(Export export, String path) {
    rules();
    for (Map.Entry<String, Left> each : left.entrySet()) {
      if (isAtOrBelow(path, each.getKey())
          && !each.getValue().by.is(export)
          && !isAtOrBelow(export.path(), each.getKey())) {
        tell(each.getKey(), each.getValue(), export);
        return false;
      }
    }
    return true;
  }

  private static boolean isAtOrBelow(@Nullable String path, String above) {
    return path != null && ExportPath.of(above).covers(ExportPath.of(path));
  }

  private static void tell(String path, Left left, Export export) {
    if (!left.isTold) {
      left.isTold = true;
      log.warn(
          "{}, which a rule names, was the root of the filesystem {} and is a directory of {} now:"
              + " the rule stays with the one that was there and does not hold for the other{}",
          path,
          left.by.fsids(),
          export,
          CURE);
    }
  }
}
