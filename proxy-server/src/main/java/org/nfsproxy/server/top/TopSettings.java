package org.nfsproxy.server.top;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for on the command line.
 *
 * @param base where the proxy's pages are, with a slash at the end
 * @param view what to see first
 * @param access what the proxy wants to see of whoever asks, and of itself
 */
public record TopSettings(URI base, TopView view, TopAccess access) {
  /** Where a proxy has its pages unless it is told otherwise. */
  public static final String STANDARD_URL = "http://127.0.0.1:9049";

  private static final int STANDARD_PORT = 9049;

  /**
   * Reads them.
   *
   * @param url of the pages; a scheme may be missing, and then a port
   * @param table {@code client}, {@code export}, {@code operation} or {@code pair}
   * @param sort a column's title; null for the rate
   * @param filter part of a word; empty for all
   * @throws IllegalArgumentException if something is wrong, with what may stand there
   */
  public static TopSettings of(String url, String table, @Nullable String sort, String filter) {
    TopTable chosen = table(table);
    TopView view = TopView.of(chosen).filtered(filter);
    if (sort == null) {
      return new TopSettings(base(url), view, TopAccess.NONE);
    }
    int column = chosen.column(sort);
    if (column < 0) {
      List<String> titles = chosen.columns().stream().map(TopColumn::title).distinct().toList();
      throw new IllegalArgumentException(
          "--sort: found %s, expected one of %s".formatted(sort, String.join(", ", titles)));
    }
    return new TopSettings(base(url), new TopView(chosen, column, false, filter), TopAccess.NONE);
  }

  /** The same, of a proxy that does not show itself to everybody. */
  public TopSettings with(TopAccess files) {
    return new TopSettings(base, view, files);
  }

  private static TopTable table(String word) {
    for (TopTable each : TopTable.values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "--by: found %s, expected one of %s".formatted(word, String.join(", ", TopTable.words())));
  }

  private static URI base(String url) {
    boolean isBare = !url.contains("://");
    try {
      URI uri = new URI(isBare ? "http://" + url : url).parseServerAuthority();
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (isHttp
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null
          && uri.getPort() <= 65535) {
        String path = uri.getPath().endsWith("/") ? uri.getPath() : uri.getPath() + "/";
        int port = isBare && uri.getPort() < 0 ? STANDARD_PORT : uri.getPort();
        return new URI(uri.getScheme(), null, uri.getHost(), port, path, null, null);
      }
    } catch (URISyntaxException nonsense) {
      // The message says what it should be.
    }
    throw new IllegalArgumentException(
        "found %s, expected the URL of a proxy's pages, such as %s".formatted(url, STANDARD_URL));
  }
}
