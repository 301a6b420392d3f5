package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.BackendProvider;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.testing.FakeProvider;
import org.nfsproxy.testing.Repository;

// The reference page is printed from the keys. CONTRIBUTING.md says how to write it anew after a
// change of a key.
class ConfigurationReferenceTest {
  private static final Path PAGE = Repository.ROOT.resolve("docs/reference/configuration.md");

  private static final String HEAD =
      """
      # Configuration reference

      Printed from the code (`Keys.java`, and each backend's own), held by a test. The [guide](../guide/configuration.md) says
      how the file is used. *Applied* says when a value that is changed under a running proxy takes effect.
      """;

  private static String page(List<Key<?>> keys) {
    StringBuilder page = new StringBuilder(HEAD);
    Map<String, List<Key<?>>> sections = new LinkedHashMap<>();
    for (Key<?> key : keys) {
      sections.computeIfAbsent(key.sectionPath(), section -> new ArrayList<>()).add(key);
    }
    sections.forEach(
        (section, inIt) -> {
          page.append("\n## ").append(section.isEmpty() ? "Top" : section);
          page.append("\n\n| key | default | may be | applied | meaning | why this default |\n");
          page.append("|---|---|---|---|---|---|\n");
          String row = "| `%s` | `%s` | %s | %s | %s | %s |\n";
          for (Key<?> key : inIt) {
            page.append(
                row.formatted(
                    key.path(),
                    key.standardAsJson(),
                    key.range(),
                    key.applied().words(),
                    key.meaning(),
                    key.why()));
          }
        });
    return page.toString();
  }

  private static List<Key<?>> allKeys() {
    List<Key<?>> keys = new ArrayList<>(Keys.ALL);
    keys.addAll(Keys.OF_A_RULE);
    ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> !(provider instanceof FakeProvider))
        .forEach(provider -> keys.addAll(provider.keys()));
    return keys;
  }

  @Test
  void referencePage_saysWhatTheKeysSay() throws IOException {
    String page = page(allKeys());
    if (System.getProperty("write.reference") != null) {
      Files.writeString(PAGE, page);
    }
    assertEquals(page, Repository.text(PAGE));
  }

  @Test
  void everyKey_saysWhatItMeansAndWhereItsDefaultComesFrom() {
    for (Key<?> key : allKeys()) {
      assertEquals(false, key.meaning().isBlank() || key.range().isBlank(), key.path());
      assertEquals(false, key.standard() != null && key.why().isBlank(), key.path());
      assertEquals(false, (key.meaning() + key.range() + key.why()).contains("|"), key.path());
    }
  }
}
