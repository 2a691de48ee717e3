using Delivery.Testing;

namespace Delivery.Contracts.Tests.Readers;

/// <summary>User agents that others labelled; see Corpora/README.md.</summary>
internal static class ReaderCorpus
{
    public static string[] Of(string name) => File.ReadAllLines(
        Path.Combine(RepositoryRoot.Path, "tests", "Contracts.Tests", "Readers", "Corpora", name));

    public static IEnumerable<string> Files(string beginning) => Directory.EnumerateFiles(
            Path.Combine(RepositoryRoot.Path, "tests", "Contracts.Tests", "Readers", "Corpora"), beginning + "-*.txt")
        .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
