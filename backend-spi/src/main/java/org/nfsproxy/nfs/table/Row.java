package org.nfsproxy.nfs.table;

import java.util.Locale;
import java.util.Set;

/**
 * The columns that all tables have.
 *
 * @param number the procedure, or the operation within a COMPOUND, as on the wire
 * @param label for metrics and logs, for example {@code nfs3.lookup}
 * @param effect what it does to files and state
 * @param handlesOut what a successful reply teaches
 * @param onFailure the results when it fails
 * @param results what its results look like, from the status on; {@link Layout#REST} if nobody here
 *     reads them
 * @param resultParts what a walk may find in them
 * @param arguments what its arguments look like
 * @param flavorCheck where its flavor counts
 */
public record Row(
    int number,
    String label,
    Effect effect,
    HandlesOut handlesOut,
    OnFailure onFailure,
    Layout results,
    Set<Part> resultParts,
    Layout arguments,
    FlavorCheck flavorCheck) {

  static Row of(
      String family,
      String name,
      int number,
      Effect effect,
      HandlesOut handlesOut,
      OnFailure onFailure,
      Layout results,
      Layout... arguments) {
    String label = family + "." + name.toLowerCase(Locale.ROOT);
    Layout all = Layout.struct(arguments);
    return new Row(
        number,
        label,
        effect,
        handlesOut,
        onFailure,
        results,
        results.parts(),
        all,
        FlavorCheck.ALWAYS);
  }

  /** The same row, but for where its flavor counts. */
  Row with(FlavorCheck flavorCheck) {
    return new Row(
        number, label, effect, handlesOut, onFailure, results, resultParts, arguments, flavorCheck);
  }
}
