"""GOV.UK Notify: handing over, and learning what became of it."""
