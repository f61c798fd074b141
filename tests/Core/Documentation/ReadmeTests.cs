using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Documentation;

[Collection(ProcessWide.Name)]
public sealed class ReadmeTests
{
    [Fact]
    public void The_example_of_the_readme_compiles_and_prints_what_its_comments_say()
    {
        string example = DocumentedCode.BlocksOf("README.md")[0];
        Assert.InRange(example.Trim().Split('\n').Length, 10, 20);

        Assert.Equal(["Region of 4096 bytes: 1 Immutable hold is active", "120", "stale, and it says so"], DocumentedCode.Run(example));
    }

    [Fact]
    public void The_example_of_the_pool_compiles_and_prints_what_its_comments_say() =>
        Assert.Equal(["4096", "1", "0"], DocumentedCode.Run(DocumentedCode.BlocksOf("README.md")[1]));
}
