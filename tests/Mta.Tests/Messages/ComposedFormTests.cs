using System.Diagnostics;
using System.Text;
using Delivery.Mta.Messages;

namespace Delivery.Mta.Tests.Messages;

public sealed class ComposedFormTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("plain", true)]
    [InlineData("jörg", true)]
    [InlineData("jo\u0308rg", false)]
    [InlineData("\u212Bngstrom", false)]
    [InlineData("\u1EB9\u0301", true)]
    [InlineData("e\u0301\u0323", false)]
    [InlineData("q\u0323\u0307", true)]
    [InlineData("q\u0307\u0323", false)]
    [InlineData("한글", true)]
    [InlineData("\u1112\u1161\u11AB", false)]
    [InlineData("\uD558\u11AB", false)]
    [InlineData("\u0915\u093C", true)]
    [InlineData("\u0958", false)]
    public void Known_texts_are_told_apart(string text, bool composed) => Assert.Equal(composed, ComposedForm.Is(text));

    [Fact]
    public async Task Pythons_unicodedata_says_the_same_of_all_that_compose_and_of_random_texts()
    {
        const string Script = """
            import sys, unicodedata
            for line in sys.stdin:
                text = "".join(chr(int(c, 16)) for c in line.split())
                print(1 if unicodedata.is_normalized("NFC", text) else 0)
            """;
        var random = new Random(20261122);
        // Where the interesting ones are: marks, Hangul, Indic vowels, kana, musical signs, compatibility forms.
        (int From, int To)[] places = [(0x41, 0x17F), (0x300, 0x36F), (0x370, 0x3FF), (0x5B0, 0x5EA), (0x620, 0x660), (0x900, 0xDFF), (0x1025, 0x1040), (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x3040, 0x30FF), (0xAC00, 0xAC40), (0xF900, 0xFB50), (0x11099, 0x110BA), (0x1D150, 0x1D1C0)];
        var texts = Enumerable.Range(1, 0x2FFFF).Where(c => c is < 0x3400 or (>= 0xA800 and < 0xAD00) or (>= 0xF900 and < 0xFF00) or (>= 0x10F00 and < 0x12000) or (>= 0x1D100 and < 0x1D250) or >= 0x2F800).Select(c => (int[])[c]).ToList();
        for (var i = 0; i < 30_000; i++)
        {
            texts.Add([.. Enumerable.Range(0, random.Next(2, 5)).Select(_ =>
            {
                var (from, to) = places[random.Next(places.Length)];
                return random.Next(from, to + 1);
            })]);
        }
        using var python = Process.Start(new ProcessStartInfo("python3", ["-X", "utf8", "-c", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var output = python.StandardOutput.ReadToEndAsync();
        foreach (var text in texts) await python.StandardInput.WriteLineAsync(string.Join(' ', text.Select(c => c.ToString("X"))));
        python.StandardInput.Close();
        var answers = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await python.WaitForExitAsync();

        Assert.Equal(texts.Count, answers.Length);
        var composed = 0;
        for (var i = 0; i < texts.Count; i++)
        {
            var expected = answers[i] == "1";
            if (expected) composed++;
            if (ComposedForm.Is(string.Concat(texts[i].Select(char.ConvertFromUtf32))) != expected)
                Assert.Fail($"{string.Join(' ', texts[i].Select(c => c.ToString("X4")))} should {(expected ? "" : "not ")}be composed");
        }
        Assert.InRange(composed, 1000, texts.Count - 1000);
    }
}
