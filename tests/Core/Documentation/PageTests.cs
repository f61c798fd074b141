using System.Text.RegularExpressions;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Documentation;

[Collection(ProcessWide.Name)]
public sealed partial class PageTests
{
    [Theory]
    [InlineData("docs/exporters.md", 0)]
    [InlineData("docs/hardening.md", 0)]
    [InlineData("docs/pool.md", 1)]
    [InlineData("docs/slices.md", 0)]
    [InlineData("docs/waiting.md", 0)]
    public void Every_example_compiles_and_prints_what_its_comments_say_and_leaks_nothing(string page, int doubleReleases)
    {
        using var watch = new DiagnosticsWatch();
        string[] examples = DocumentedCode.BlocksOf(page);
        Assert.NotEmpty(examples);

        foreach (string example in examples)
        {
            string[] said = [.. Printed().Matches(example).Select(static match => match.Groups["text"].Value)];
            Assert.NotEmpty(said);
            Assert.Equal(said, DocumentedCode.Run(example));
        }

        DiagnosticsWatch.CollectUntil(static () => false);
        Assert.Equal((0, doubleReleases, 0), (watch.Leaks, watch.DoubleReleases, watch.DisposedWhileHeld.Count));
    }

    [GeneratedRegex(@"Console\.WriteLine\(.*\s// (?<text>.*)")]
    private static partial Regex Printed();
}
