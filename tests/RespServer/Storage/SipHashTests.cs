using System.Text;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Tests.Storage;

public sealed class SipHashTests
{
    // From CPython 3.11, whose hash of bytes is SipHash-1-3 and whose key is zero under PYTHONHASHSEED=0.
    [Theory]
    [InlineData("a", 0x407448d2b89b1813)]
    [InlineData("abcdefg", 0x6db12aae9070f506)]
    [InlineData("abcdefgh", 0x3f7b849c0b8e35ea)]
    [InlineData("abcdefghi", 0xf89b34a3d11eb6e5)]
    public void Hashes_are_those_of_another_implementation(string text, ulong hash) =>
        Assert.Equal(hash, new SipHash(0, 0).Compute(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Other_keys_give_other_hashes() =>
        Assert.NotEqual(SipHash.WithRandomKey().Compute("key"u8), SipHash.WithRandomKey().Compute("key"u8));
}
