package org.nfsproxy.server.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page of the command line, printed from the same model as {@code --help}: man(7). */
// Picocli's own generator writes AsciiDoc, which takes a Ruby in Java to become a page.
final class ManPage {
  private static final String NAME = "nfs\\-proxy";
  private static final String CALLED = "java -jar proxy.jar";
  private static final String COMMAND = "nfs-proxy";

  private final List<String> lines = new ArrayList<>();

  private ManPage() {}

  /** The page, as troff reads it. */
  static List<String> lines(CommandSpec command) {
    ManPage page = new ManPage();
    page.write(command);
    return page.lines;
  }

  private void write(CommandSpec command) {
    lines.add(".TH NFS\\-PROXY 8 \"\" \"" + NAME + "\" \"System Administration\"");
    section("NAME");
    lines.add(NAME + " \\- " + escaped(firstSentence(command)));
    section("SYNOPSIS");
    lines.add(".nf");
    Arrays.stream(command.usageMessage().customSynopsis())
        .filter(line -> !line.isBlank())
        .forEach(line -> text(line.stripTrailing().replaceFirst("^ {2}", "")));
    lines.add(".fi");
    section("DESCRIPTION");
    Arrays.stream(command.usageMessage().description()).forEach(this::text);
    section("OPTIONS");
    arguments(command);
    section("COMMANDS");
    for (Map.Entry<String, CommandSpec> each : subcommands(command)) {
      lines.add(".SS \"" + escaped(synopsis(each.getKey(), each.getValue())) + "\"");
      Arrays.stream(each.getValue().usageMessage().description()).forEach(this::text);
      arguments(each.getValue());
      each.getValue().usageMessage().exitCodeList().forEach(this::exitCode);
    }
    section("FILES");
    item(
        "/etc/nfs-proxy/proxy.json",
        "The configuration of the service; of its keys, only backend.origin.host has no default.");
    section("ENVIRONMENT");
    Arrays.stream(command.usageMessage().footer())
        .filter(line -> !line.isBlank())
        .forEach(this::paragraph);
    section("SEE ALSO");
    lines.add("nfs(5), systemd.socket(5)");
  }

  private static String firstSentence(CommandSpec command) {
    String sentence = command.usageMessage().description()[0].replaceAll("[.].*", "");
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  private static List<Map.Entry<String, CommandSpec>> subcommands(CommandSpec command) {
    return command.subcommands().entrySet().stream()
        .map(each -> Map.entry(each.getKey(), each.getValue().getCommandSpec()))
        .filter(each -> !each.getValue().usageMessage().hidden())
        .sorted(Map.Entry.comparingByKey())
        .toList();
  }

  private static String synopsis(String name, CommandSpec command) {
    StringBuilder synopsis = new StringBuilder(name);
    for (OptionSpec option : own(command)) {
      synopsis.append(" [").append(label(option)).append(']');
    }
    for (ArgSpec parameter : command.positionalParameters()) {
      boolean needed = parameter.arity().min() > 0;
      synopsis.append(needed ? " " + parameter.paramLabel() : " [" + parameter.paramLabel() + "]");
    }
    return synopsis.toString();
  }

  // What all commands have stands once, among those of none.
  private static List<OptionSpec> own(CommandSpec command) {
    return command.options().stream().filter(option -> !option.inherited()).toList();
  }

  private static String label(OptionSpec option) {
    String name = option.longestName();
    return option.arity().max() == 0 ? name : name + " " + option.paramLabel();
  }

  private void arguments(CommandSpec command) {
    for (ArgSpec parameter : command.positionalParameters()) {
      item(parameter.paramLabel(), String.join(" ", parameter.description()));
    }
    for (OptionSpec option : own(command)) {
      item(label(option), String.join(" ", option.description()));
    }
  }

  private void exitCode(String code, String meaning) {
    item("Exit status " + code, meaning);
  }

  private void section(String title) {
    lines.add(".SH " + title);
  }

  private void item(String tag, String text) {
    lines.add(".TP");
    lines.add(".B " + escaped(tag));
    text(text);
  }

  private void paragraph(String text) {
    lines.add(".PP");
    text(text);
  }

  private void text(String text) {
    String plain = Ansi.OFF.string(text).replace(CALLED, COMMAND);
    String escaped = escaped(plain);
    lines.add(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped);
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
  }
}
