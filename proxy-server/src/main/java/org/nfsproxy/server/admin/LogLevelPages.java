package org.nfsproxy.server.admin;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nfsproxy.server.admin.Page.Answer;

/** How much each area says in the log, and other levels until the next restart. */
public final class LogLevelPages {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;

  /** Takes back what was set here. */
  private static final String CONFIGURED = "CONFIGURED";

  private LogLevelPages() {}

  /** The levels of the areas. */
  public interface Levels {
    /**
     * What is in force.
     *
     * @return area to its level, in their order
     */
    Map<String, String> inForce();

    /**
     * What was set here.
     *
     * @return area to its level
     */
    Map<String, String> set();

    /** The levels there are. */
    List<String> words();

    /**
     * Sets a level until the next restart, or takes it back.
     *
     * @param area which area
     * @param level a level's word; empty for what the configuration says
     */
    void set(String area, String level);
  }

  /** The page. */
  public static Page page(Levels levels) {
    return () -> {
      JsonArray rows = new JsonArray();
      levels.inForce().forEach((area, level) -> rows.add(row(levels, area, level)));
      return new Answer(OK, rows);
    };
  }

  private static JsonObject row(Levels levels, String area, String level) {
    return new JsonObject()
        .put("area", area)
        .put("level", level)
        .put("untilRestart", levels.set().containsKey(area));
  }

  /**
   * Sets a level.
   *
   * @return takes an area and a level
   */
  public static Action set(Levels levels) {
    return parameters -> {
      ActionQuery query =
          new ActionQuery(parameters, "/log/level?area=judge&level=DEBUG", Set.of("area", "level"));
      String area = query.word("area", List.copyOf(levels.inForce().keySet()));
      List<String> words = new ArrayList<>(levels.words());
      words.add(CONFIGURED);
      String level = query.word("level", words);
      levels.set(area, level.equals(CONFIGURED) ? "" : level);
      String inForce = String.valueOf(levels.inForce().get(area));
      return Future.succeededFuture(new Answer(ACCEPTED, row(levels, area, inForce)));
    };
  }
}
