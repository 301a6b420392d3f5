package org.nfsproxy.server.configuration;

import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The environment variables that are meant for this program, as a store of Vert.x Config.
 *
 * @param store where they are read
 */
public record Environment(Map<String, String> variables, ConfigStoreOptions store) {
  /** How the name of each begins. */
  static final String PREFIX = "NFS_PROXY_";

  /** The level of the log, which is set before a configuration is read. */
  private static final String LOG = "NFS_PROXY_LOG";

  // Kubernetes gives a pod such variables for each Service of its namespace. One whose name begins
  // with nfs-proxy, as in examples/kubernetes, must not keep the proxy from starting.
  private static final Pattern OF_A_SERVICE =
      Pattern.compile(
          "NFS_PROXY_(.+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

  private static final Pattern URL_OF_A_SERVICE = Pattern.compile("(tcp|udp|sctp)://.*");

  /**
   * The variables of this process.
   *
   * @return those for this program
   */
  public static Environment ofProcess() {
    Map<String, String> meant = meant(System.getenv());
    JsonArray keys = new JsonArray();
    meant.keySet().forEach(keys::add);
    JsonObject which = new JsonObject().put("raw-data", true).put("keys", keys);
    return new Environment(meant, new ConfigStoreOptions().setType("env").setConfig(which));
  }

  /**
   * Certain variables, for tests.
   *
   * @return those for this program
   */
  public static Environment of(Map<String, String> variables) {
    JsonObject json = new JsonObject();
    meant(variables).forEach(json::put);
    ConfigStoreOptions store = new ConfigStoreOptions().setType("json").setConfig(json);
    return new Environment(meant(variables), store);
  }

  /**
   * Whether any says something of the configuration.
   *
   * @return false if there is none
   */
  public boolean isEmpty() {
    return variables.isEmpty();
  }

  private static Map<String, String> meant(Map<String, String> all) {
    Map<String, String> meant = new TreeMap<>(all);
    meant.entrySet().removeIf(each -> !isMeant(each.getKey(), each.getValue()));
    return meant;
  }

  private static boolean isMeant(String name, String value) {
    return name.startsWith(PREFIX)
        && !name.equals(LOG)
        && !OF_A_SERVICE.matcher(name).matches()
        && !(name.endsWith("PORT") && URL_OF_A_SERVICE.matcher(value).matches());
  }
}
