using System.Security.Cryptography;
using System.Text;
using Hone.Learning.Data;

namespace Hone.Learning.Tests.Data;

/// <summary>The oracle is a NumPy program that follows the rule which <see cref="PbcStandIn"/> states.</summary>
public sealed class PbcStandInTests
{
    [Fact]
    public void Writes_the_rows_of_the_reference_program_byte_for_byte()
    {
        var text = new StringWriter();
        PbcStandIn.Write(300, text);

        Assert.Equal("0adb5e7125a85b3e53b9724281a07bf463dc0c9c6f739236551bc700b12afb6f", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))));
    }

    [Fact]
    public void Draws_the_same_rows_as_a_table()
    {
        var text = new StringWriter();
        PbcStandIn.Write(50, text);
        var written = Some.Table(text.ToString());

        var drawn = PbcStandIn.Draw<double>(50);

        Assert.Equal(written.Columns, drawn.Columns);
        Assert.Equal(written.Features.Values, drawn.Features.Values);
        Assert.Equal(written.Targets, drawn.Targets);
    }
}
