package org.nfsproxy.server.admin;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.exports.Export;

/** What exports are called in metrics, looked up once for each scrape. */
// A filesystem that was found under two numbers and turned out to be one, or that was formatted
// anew at the same place, has one name: what is counted under one name is added up.
public final class ExportNames {
  private final LongFunction<Export> numbered;
  private final Map<Object, String> names = new HashMap<>();

  ExportNames(LongFunction<Export> numbered) {
    this.numbered = numbered;
  }

  /**
   * Names as they are now.
   *
   * @param numbered finds exports by their numbers
   * @return the name of an export's number, or the word itself that stands for what is no export
   */
  public static Function<Object, String> of(LongFunction<Export> numbered) {
    return new ExportNames(numbered)::of;
  }

  /** The name of an export's number, or the word itself that stands for what is no export. */
  String of(Object number) {
    return number instanceof Long known
        ? names.computeIfAbsent(known, first -> of(numbered.apply(known)))
        : number.toString();
  }

  private static String of(@Nullable Export export) {
    if (export == null) {
      return "other";
    }
    if (export.path() != null) {
      return export.path();
    }
    return export.fsids().isEmpty() ? "unknown" : "fsid " + export.fsids().get(0);
  }
}
