package org.nfsproxy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.Main;

// Which modules and packages may use which (docs/decisions/0062). Each rule was seen to fail on a
// violation made for the purpose.
// Modules are told by where their classes lie, not by package: two modules may share a prefix.
class LayeringTest {
  private static final DescribedPredicate<JavaClass> OURS = resideInAPackage("org.nfsproxy..");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.nfsproxy");

  private static DescribedPredicate<JavaClass> module(String name) {
    return DescribedPredicate.describe("module " + name, type -> liesIn(type, "/" + name + "/"));
  }

  private static boolean liesIn(JavaClass type, String folder) {
    return type.getBaseComponentType()
        .getSource()
        .map(source -> source.getUri().toString().contains(folder))
        .orElse(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"backend-spi", "proxy-server"})
  void modules_areSeen(String name) {
    assertTrue(CLASSES.stream().anyMatch(module(name)));
  }

  // Annotations for the compiler are no use of a library: a backend runs without JSpecify.
  @Test
  void backendSpi_usesTheJdkVertxCoreAndNettyOnly() {
    classes()
        .that(module("backend-spi"))
        .should()
        .onlyDependOnClassesThat(
            module("backend-spi")
                .or(
                    resideInAnyPackage(
                        "java..",
                        "javax.security.auth.x500..",
                        "io.vertx.core..",
                        "io.netty..",
                        "org.jspecify.annotations")))
        .check(CLASSES);
  }

  // What else a backend uses, its pom says. Empty modules pass: they break nothing.
  @ParameterizedTest
  @ValueSource(strings = {"backend-nfs", "backend-coordinated-fs"})
  void backend_usesNothingOfOursButBackendSpi(String name) {
    noClasses()
        .that(module(name))
        .should()
        .dependOnClassesThat(OURS.and(not(module(name))).and(not(module("backend-spi"))))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  // The probe asks an origin what the backend would ask it, by the same code.
  @Test
  void proxyServer_butItsProbe_knowsNoBackend() {
    noClasses()
        .that(module("proxy-server").and(not(resideInAPackage(PROBE))))
        .should()
        .dependOnClassesThat(module("backend-nfs"))
        .check(CLASSES);
  }

  // The demo brings an origin of its own; what serves in front of it is told its address.
  @Test
  void proxyServer_butItsDemo_knowsNoFilesystems() {
    noClasses()
        .that(module("proxy-server").and(not(resideInAPackage("org.nfsproxy.server.demo.."))))
        .should()
        .dependOnClassesThat(module("backend-coordinated-fs"))
        .check(CLASSES);
  }

  @Test
  void nobody_importsMain() {
    noClasses()
        .that(not(belongToAnyOf(Main.class)))
        .should()
        .dependOnClassesThat(belongToAnyOf(Main.class))
        .check(CLASSES);
  }

  @Test
  void clusterAlone_importsHazelcast() {
    noClasses()
        .that(not(resideInAPackage("org.nfsproxy.server.cluster..")))
        .should()
        .dependOnClassesThat(resideInAPackage("com.hazelcast.."))
        .check(CLASSES);
  }

  @Test
  void nfs4j_isUsedByItsModuleAlone() {
    noClasses()
        .that(not(module("backend-coordinated-fs-nfs4j")))
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.dcache..", "org.glassfish.grizzly.."))
        .check(CLASSES);
  }

  // The profile says so in a property of the test run.
  @Test
  void nfs4j_isOnTheClassPathWithItsProfileOnly() {
    boolean profile = Boolean.getBoolean("nfs4j");
    ClassLoader loader = LayeringTest.class.getClassLoader();
    for (String name :
        new String[] {
          "org/dcache/nfs/v4/NFS4Client.class",
          "org/dcache/oncrpc4j/xdr/Xdr.class",
          "org/nfsproxy/backend/coordinated/nfs4j/Nfs4Provider.class"
        }) {
      assertEquals(profile, loader.getResource(name) != null, name);
    }
    assertEquals(profile, CLASSES.stream().anyMatch(module("backend-coordinated-fs-nfs4j")));
  }

  @Test
  void packageKernelAlone_importsJna() {
    noClasses()
        .that(not(resideInAPackage("org.nfsproxy.backend.coordinated.kernel..")))
        .should()
        .dependOnClassesThat(resideInAPackage("com.sun.jna.."))
        .check(CLASSES);
  }

  // xdr <- rpc <- nfs <- backend; configuration and concurrent stand beside them.
  @Test
  void xdr_usesNothingOfOurs() {
    layer("org.nfsproxy.xdr..");
  }

  @Test
  void rpc_usesXdr() {
    layer("org.nfsproxy.rpc..", "org.nfsproxy.xdr..");
  }

  @Test
  void nfs_usesRpcAndXdr() {
    layer("org.nfsproxy.nfs..", "org.nfsproxy.rpc..", "org.nfsproxy.xdr..");
  }

  // edit -> walk -> table -> what all of them speak of.
  @Test
  void nfs_usesNoneOfItsParts() {
    layer("org.nfsproxy.nfs", "org.nfsproxy.rpc..", "org.nfsproxy.xdr..");
  }

  @Test
  void tables_useNeitherWalksNorEdits() {
    layer(
        "org.nfsproxy.nfs.table..", "org.nfsproxy.nfs", "org.nfsproxy.rpc..", "org.nfsproxy.xdr..");
  }

  @Test
  void walks_useTables() {
    layer(
        "org.nfsproxy.nfs.walk..",
        "org.nfsproxy.nfs.table..",
        "org.nfsproxy.nfs",
        "org.nfsproxy.rpc..",
        "org.nfsproxy.xdr..");
  }

  // session -> connect -> questions, tls; the backend itself puts them together.
  @Test
  void questionsToTheOrigin_useNothingElseOfTheirBackend() {
    part("org.nfsproxy.backend.nfs", "questions");
  }

  @Test
  void connecting_usesQuestionsAndTls() {
    part("org.nfsproxy.backend.nfs", "connect", "questions", "tls");
  }

  @Test
  void tlsTowardsTheOrigin_usesNothingElseOfItsBackend() {
    part("org.nfsproxy.backend.nfs", "tls");
  }

  // Who connects past them would connect past TLS.
  @Test
  void connectionsToTheOrigin_areMadeByTwoClasses() {
    noClasses()
        .that(module("backend-nfs"))
        .and()
        .doNotHaveSimpleName("OriginConnector")
        .and()
        .doNotHaveSimpleName("QuestionConnector")
        .and()
        .haveNameNotMatching(".*OriginConnector\\$Search")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "a connection is made",
                call ->
                    call.getName().equals("connect")
                        && call.getTargetOwner().getPackageName().startsWith("io.")))
        .check(CLASSES);
  }

  @Test
  void sessions_useConnectingAndQuestions() {
    part("org.nfsproxy.backend.nfs", "session", "connect", "questions");
  }

  // What is in memory, and the origin of demo and tests, is beside the backend.
  @Test
  void coordinatedFs_needsNothingEmbedded() {
    String[] embedded = {
      "org.nfsproxy.backend.coordinated.embedded..", "org.nfsproxy.backend.coordinated.memory.."
    };
    noClasses()
        .that(module("backend-coordinated-fs").and(not(resideInAnyPackage(embedded))))
        .should()
        .dependOnClassesThat(resideInAnyPackage(embedded))
        .check(CLASSES);
  }

  @Test
  void concurrent_usesNothingOfOurs() {
    layer("org.nfsproxy.concurrent..");
  }

  @Test
  void configuration_usesNothingOfOurs() {
    layer("org.nfsproxy.configuration..");
  }

  @Test
  void filesOfTls_useProblemsOfKeysOnly() {
    layer("org.nfsproxy.tls..", "org.nfsproxy.configuration..");
  }

  @Test
  void packages_dependOnEachOtherWithoutCycle() {
    slices().matching("org.nfsproxy.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  // NullAway looks at nothing in a package that does not say so (docs/decisions/0077). The module
  // with nfs4j is built without it.
  @Test
  void package_isNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    CLASSES.stream()
        .filter(OURS.and(not(module("backend-coordinated-fs-nfs4j"))))
        .map(JavaClass::getPackage)
        .filter(each -> !each.isAnnotatedWith(NullMarked.class))
        .forEach(each -> unmarked.add(each.getName()));
    assertEquals(Set.of(), unmarked);
  }

  // What listen and judge hand each other is below both.
  @Test
  void call_usesWireTypesOnly() {
    layer("org.nfsproxy.server.call..", "org.nfsproxy.rpc..", "org.nfsproxy.xdr..");
  }

  // It keeps bytes and knows no rules: whether they may be sent, the origin says.
  @Test
  void cache_usesCallsAndWireTypesOnly() {
    layer(
        "org.nfsproxy.server.cache..",
        "org.nfsproxy.backend",
        "org.nfsproxy.server.call..",
        "org.nfsproxy.server.member..",
        "org.nfsproxy.server.socket..",
        "org.nfsproxy.nfs..",
        "org.nfsproxy.rpc..",
        "org.nfsproxy.xdr..");
  }

  // It keeps what it is given, and knows nobody who reads. The configuration looks at its path.
  @Test
  void diskOfTheCache_isUsedByTheStartOnly() {
    noClasses()
        .that(not(resideInAnyPackage("org.nfsproxy.server", "org.nfsproxy.server.cache.disk..")))
        .and()
        .doNotHaveFullyQualifiedName("org.nfsproxy.server.configuration.MachineCheck")
        .should()
        .dependOnClassesThat(resideInAPackage("org.nfsproxy.server.cache.disk.."))
        .check(CLASSES);
    layer(
        "org.nfsproxy.server.cache.disk..",
        "org.nfsproxy.backend",
        "org.nfsproxy.nfs",
        "org.nfsproxy.server.cache");
  }

  @Test
  void cacheAlone_importsCaffeine() {
    noClasses()
        .that(not(resideInAPackage("org.nfsproxy.server.cache..")))
        .should()
        .dependOnClassesThat(resideInAPackage("com.github.benmanes.."))
        .check(CLASSES);
  }

  // Everybody counts, so what counts knows nobody.
  @Test
  void metrics_usesTablesAndCallsOnly() {
    layer(
        "org.nfsproxy.server.metrics..",
        "org.nfsproxy.server.call..",
        "org.nfsproxy.nfs..",
        "org.nfsproxy.rpc..",
        "org.nfsproxy.xdr..");
  }

  @Test
  void policy_usesTablesOnly() {
    layer(
        "org.nfsproxy.server.policy..",
        "org.nfsproxy.nfs..",
        "org.nfsproxy.rpc..",
        "org.nfsproxy.xdr..");
  }

  // The configuration looks at its files, and listeners use it; it knows neither.
  @Test
  void tls_usesProblemsOfKeysOnly() {
    layer("org.nfsproxy.server.tls..", "org.nfsproxy.configuration..", "org.nfsproxy.tls..");
  }

  // What is said of a refusal knows why it was, and not how calls are judged.
  @Test
  void refusals_useReasonsAndRulesOnly() {
    layer(
        "org.nfsproxy.server.refusals..",
        "org.nfsproxy.server.metrics..",
        "org.nfsproxy.server.policy..",
        "org.nfsproxy.server.text..");
  }

  // What was noted of calls is all they know of these.
  @Test
  void audit_usesWhatWasNotedOfCallsOnly() {
    layer(
        "org.nfsproxy.server.audit..",
        "org.nfsproxy.backend",
        "org.nfsproxy.server.call..",
        "org.nfsproxy.server.metrics..");
  }

  @Test
  void capture_usesWhatWasNotedOfCallsOnly() {
    layer(
        "org.nfsproxy.server.capture..",
        "org.nfsproxy.server.audit..",
        "org.nfsproxy.server.call..",
        "org.nfsproxy.server.metrics..");
  }

  // It shows what others count, and knows nobody who serves it.
  @Test
  void live_usesCountersOnly() {
    layer(
        "org.nfsproxy.server.live..",
        "org.nfsproxy.server.metrics..",
        "org.nfsproxy.server.refusals..");
  }

  // It reads what a proxy says of itself, by HTTP, and knows nothing else of it.
  @Test
  void top_usesTextTokensAndCausesOfTlsOnly() {
    layer(
        "org.nfsproxy.server.top..",
        "org.nfsproxy.server.access..",
        "org.nfsproxy.server.text..",
        "org.nfsproxy.tls..");
  }

  // The configuration looks at its file, and the pages ask it.
  @Test
  void access_usesProblemsOfKeysOnly() {
    layer("org.nfsproxy.server.access..", "org.nfsproxy.configuration..");
  }

  @Test
  void topAlone_importsJLine() {
    noClasses()
        .that(not(resideInAPackage("org.nfsproxy.server.top..")))
        .should()
        .dependOnClassesThat(resideInAPackage("org.jline.."))
        .check(CLASSES);
  }

  // It asks an origin, and knows nothing of a proxy that runs.
  @Test
  void probe_usesWhatAsksAnOriginOnly() {
    layer(
        PROBE,
        "org.nfsproxy.backend..",
        "org.nfsproxy.nfs..",
        "org.nfsproxy.rpc..",
        "org.nfsproxy.tls..",
        "org.nfsproxy.xdr..",
        "org.nfsproxy.server.policy..",
        "org.nfsproxy.server.text..");
  }

  @Test
  void probe_isUsedByTheCommandLineOnly() {
    noClasses()
        .that(not(resideInAnyPackage(PROBE, "org.nfsproxy.server.cli..")))
        .should()
        .dependOnClassesThat(resideInAPackage(PROBE))
        .check(CLASSES);
  }

  private static final String PROBE = "org.nfsproxy.server.probe..";

  @Test
  void text_usesNamesOfPathsOnly() {
    layer("org.nfsproxy.server.text..", "org.nfsproxy.backend");
  }

  @Test
  void judge_knowsNoListener() {
    noClasses()
        .that(resideInAPackage("org.nfsproxy.server.judge.."))
        .should()
        .dependOnClassesThat(resideInAPackage("org.nfsproxy.server.listen.."))
        .check(CLASSES);
  }

  // Of rules they know a verdict; of the origin, what the SPI says.
  @Test
  void locks_useWireTypesAndTheSpiOnly() {
    layer(
        "org.nfsproxy.server.locks..",
        "org.nfsproxy.server.member..",
        "org.nfsproxy.server.socket..",
        "org.nfsproxy.backend",
        "org.nfsproxy.nfs..",
        "org.nfsproxy.rpc..",
        "org.nfsproxy.xdr..");
  }

  // What it carries, those know who speak by it.
  @Test
  void member_usesWireTypesOnly() {
    layer(
        "org.nfsproxy.server.member..",
        "org.nfsproxy.server.socket..",
        "org.nfsproxy.rpc..",
        "org.nfsproxy.xdr..");
  }

  @Test
  void wireOfLocks_andTheirJournal_useNothingOfLocks() {
    layer(
        "org.nfsproxy.server.locks.wire..",
        "org.nfsproxy.nfs..",
        "org.nfsproxy.rpc..",
        "org.nfsproxy.xdr..");
    layer("org.nfsproxy.server.locks.journal..");
  }

  // A close that is not counted could not be told apart from others.
  @Test
  void closesAlone_closesConnectionsOfClients() {
    noClasses()
        .that(resideInAPackage("org.nfsproxy.server.listen.."))
        .and()
        .doNotHaveFullyQualifiedName("org.nfsproxy.server.listen.Closes")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "a channel or socket is closed",
                call ->
                    call.getName().equals("close")
                        && call.getTargetOwner().getPackageName().startsWith("io.")))
        .check(CLASSES);
  }

  // The pages, the probe's report, what is told of single calls, and the configuration from file
  // and command line to the keys.
  // Package server hands both of them on; ParametersPage shows what only the judge can work out.
  @Test
  void pagesAndConfigurationAlone_useJson() {
    noClasses()
        .that(not(resideInAnyPackage(JSON)))
        .and()
        .doNotHaveFullyQualifiedName("org.nfsproxy.server.judge.ParametersPage")
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.vertx.core.json..", "com.fasterxml.."))
        .check(CLASSES);
  }

  private static final String[] JSON = {
    "org.nfsproxy.configuration..",
    "org.nfsproxy.server.configuration..",
    "org.nfsproxy.server.cli..",
    "org.nfsproxy.server.admin..",
    "org.nfsproxy.server.live..",
    "org.nfsproxy.server.top..",
    "org.nfsproxy.server.probe..",
    "org.nfsproxy.server.audit..",
    "org.nfsproxy.server.capture..",
    "org.nfsproxy.server",
  };

  @Test
  void simpleName_isGivenOnce() {
    Map<String, Long> times =
        CLASSES.stream()
            .filter(OURS.and(DescribedPredicate.describe("top", JavaClass::isTopLevelClass)))
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(groupingBy(JavaClass::getSimpleName, counting()));
    times.values().removeIf(count -> count == 1);
    assertEquals(Set.of(), times.keySet());
  }

  private static void part(String whole, String part, String... below) {
    DescribedPredicate<JavaClass> others = resideInAPackage(whole + "..");
    for (String used : below) {
      others = others.and(not(resideInAPackage(whole + "." + used + "..")));
    }
    noClasses()
        .that(resideInAPackage(whole + "." + part + ".."))
        .should()
        .dependOnClassesThat(others.and(not(resideInAPackage(whole + "." + part + ".."))))
        .check(CLASSES);
  }

  private static void layer(String layer, String... below) {
    noClasses()
        .that(resideInAPackage(layer))
        .should()
        .dependOnClassesThat(
            OURS.and(not(resideInAPackage(layer))).and(not(resideInAnyPackage(below))))
        .check(CLASSES);
  }
}
