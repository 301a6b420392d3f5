package org.nfsproxy.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** The files of the live page, out of the jar. */
// Few, small and always the same, so they are read once and served from memory: a browser asks for
// all of them together, and must not be told that others are being answered.
final class PageFiles {
  /** Where the live page is. */
  static final String PAGE = "/";

  private static final String OWN = "/org/nfsproxy/server/admin/page/";
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String CSS = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String SVG = "image/svg+xml";

  private PageFiles() {}

  /** Path to file. */
  static Map<String, Page.Text> all() {
    Map<String, Page.Text> files = new TreeMap<>();
    files.put(PAGE, read(HTML, OWN + "index.html"));
    files.put("/page.css", read(CSS, OWN + "page.css"));
    files.put("/page.js", read(SCRIPT, OWN + "page.js"));
    files.put("/favicon.svg", read(SVG, OWN + "favicon.svg"));
    files.put("/uplot.css", read(CSS, CHARTS + "uPlot.min.css"));
    files.put("/uplot.js", read(SCRIPT, CHARTS + "uPlot.iife.min.js"));
    return files;
  }

  private static Page.Text read(String contentType, String resource) {
    try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not in this jar");
      }
      return new Page.Text(contentType, in.readAllBytes());
    } catch (IOException broken) {
      throw new UncheckedIOException("the jar cannot be read", broken);
    }
  }
}
