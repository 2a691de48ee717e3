using System.Text;
using Delivery.Mta.Smtp.Security;

namespace Delivery.Mta.Tests.Smtp;

public sealed class ScramClientTests
{
    [Fact]
    public void The_example_of_RFC_7677_comes_out()
    {
        var scram = new ScramClient("user", "pencil", "rOprNGfwEbeRWgbNEkqO");

        Assert.Equal("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", Encoding.ASCII.GetString(scram.First()));
        Assert.Equal(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            Encoding.ASCII.GetString(scram.Final("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"u8)));
        Assert.True(scram.Verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="u8));
        Assert.False(scram.Verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95GA="u8));
        Assert.False(scram.Verify("v="u8));
        Assert.False(scram.Verify("e=other-error"u8));
    }

    [Fact]
    public void Nothing_is_verified_before_a_challenge() =>
        Assert.False(new ScramClient("user", "pencil", "rOpr").Verify("v="u8));

    [Fact]
    public void A_name_with_commas_and_equal_signs_is_escaped() =>
        Assert.Equal("n,,n=a=2Cb=3Dc,r=x", Encoding.ASCII.GetString(new ScramClient("a,b=c", "p", "x").First()));

    [Theory]
    [InlineData("")]
    [InlineData("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=nonce,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=nonceX,s=,i=4096")]
    [InlineData("r=nonceX,s=!,i=4096")]
    [InlineData("r=nonceX,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4095")]
    [InlineData("r=nonceX,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000001")]
    [InlineData("r=nonceX,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999999999999")]
    [InlineData("r=nonceX,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-4096")]
    [InlineData("r=nonceX,s=W22ZaJ0SNY7soEsUEjb6gQ==")]
    [InlineData("m=must,r=nonceX,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("s=W22ZaJ0SNY7soEsUEjb6gQ==,r=nonceX,i=4096")]
    public void A_challenge_out_of_bounds_is_refused(string challenge) =>
        Assert.Throws<InvalidDataException>(() => new ScramClient("user", "pencil", "nonce").Final(Encoding.UTF8.GetBytes(challenge)));

    [Fact]
    public void A_nonce_without_end_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new ScramClient("user", "pencil", "nonce").Final(Encoding.ASCII.GetBytes($"r=nonce{new string('x', 300)},s=W22Z,i=4096")));

    [Fact]
    public void Nonces_differ_and_have_no_comma()
    {
        var nonces = Enumerable.Range(0, 100).Select(_ => ScramClient.NewNonce()).ToList();
        Assert.Equal(100, nonces.Distinct().Count());
        Assert.DoesNotContain(nonces, n => n.Contains(',', StringComparison.Ordinal) || n.Length < 24);
    }
}
