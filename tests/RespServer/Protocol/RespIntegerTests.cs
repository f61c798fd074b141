using System.Text;
using FastBuffers.Samples.Resp.Protocol;

namespace FastBuffers.Samples.Resp.Tests.Protocol;

public sealed class RespIntegerTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("42", 42)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Integers_are_read(string text, long value)
    {
        Assert.True(RespInteger.TryParse(Encoding.ASCII.GetBytes(text), out long parsed));
        Assert.Equal(value, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("-0")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData(" 1")]
    [InlineData("1.0")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("99999999999999999999")]
    public void What_Redis_does_not_take_for_an_integer_is_refused(string text) =>
        Assert.False(RespInteger.TryParse(Encoding.ASCII.GetBytes(text), out _));
}
