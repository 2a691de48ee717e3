using System.Text.Json;
using Delivery.Cli.Demo.Campaign;

namespace Delivery.Cli.Tests.Demo;

public sealed class ExampleCampaignTests
{
    private readonly ExampleCampaign _campaign = ExampleCampaign.Load();

    [Fact]
    public void Every_anchor_of_the_source_has_a_name_and_its_position()
    {
        Assert.Equal(_campaign.Html.Split("<a ").Length - 1, _campaign.Links.Count);
        Assert.Equal(Enumerable.Range(1, _campaign.Links.Count), _campaign.Links.Select(link => link.Position));
        Assert.Equal(_campaign.Links.Count, _campaign.Links.Select(link => link.Name).Distinct().Count());
        Assert.Equal("logo", _campaign.Links[0].Name);
        Assert.Equal("{{unsubscribe_url}}", _campaign.Links[^1].Url);
        Assert.Contains("&coupon={{url coupon}}", _campaign.Links.Single(link => link.Name == "hero-button").Url, StringComparison.Ordinal);
    }

    [Fact]
    public void Everybody_has_a_destination_for_every_link_that_can_be_theirs()
    {
        foreach (var customer in CustomerBook.Take(500))
        {
            foreach (var link in _campaign.Links.Where(link => link.Tracked && !(link.Name == "cart" && customer.Cart is null)))
            {
                var destination = CampaignDestinations.For(link.Name, customer, customer.Products.Count - 1);
                Assert.True(Uri.TryCreate(destination, UriKind.Absolute, out _) && destination.All(char.IsAscii) && !destination.Contains(' '), destination);
            }
        }
    }

    [Fact]
    public void The_customers_are_the_same_at_every_run_and_differ_from_one_another()
    {
        var customers = CustomerBook.Take(1_000);
        Assert.Equal(JobRequest.Write(_campaign, customers), JobRequest.Write(_campaign, CustomerBook.Take(1_000)));
        Assert.Equal(JobRequest.Write(_campaign, [.. customers.Take(10)]), JobRequest.Write(_campaign, CustomerBook.Take(10)));
        Assert.Equal(1_000, customers.Select(customer => customer.Email).Distinct().Count());
        foreach (var share in new Func<ShopCustomer, bool>[] { c => c.Hebrew, c => c.Vip, c => c.Cart is not null, c => c.Birthday is not null, c => c.City.Length == 0 })
            Assert.InRange(customers.Count(share), 50, 600);
    }

    [Fact]
    public void The_request_is_what_the_job_api_takes()
    {
        using var json = JsonDocument.Parse(JobRequest.Write(_campaign, CustomerBook.Take(3)));
        var recipients = json.RootElement.GetProperty("recipients");
        Assert.Equal(3, recipients.GetArrayLength());
        Assert.Contains('@', recipients[0].GetProperty("address").GetProperty("email").GetString()!);
        Assert.True(recipients[0].GetProperty("substitution_data").GetProperty("products").GetArrayLength() >= 2);
        Assert.Contains("{{#each products}}", json.RootElement.GetProperty("content").GetProperty("html").GetString(), StringComparison.Ordinal);
    }
}
