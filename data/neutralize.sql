-- A copy of a database must not act for the seller: it forgets Amazon's permissions and the application's secret.
UPDATE amazon_account
   SET refresh_token = NULL,
       orders_page_token = NULL,
       authorized_on = NULL,
       authorized_by_id = NULL,
       authorization_expires_on = NULL,
       state = 'draft';
DELETE FROM amazon_refresh_token;
DELETE FROM amazon_account_link;
DELETE FROM ir_config_parameter
 WHERE key IN ('amazon_connector.lwa_client_secret', 'amazon_connector.lwa_client_secret_entered_on');
UPDATE ir_cron
   SET active = false
 WHERE id IN (SELECT res_id FROM ir_model_data WHERE module = 'amazon_connector' AND model = 'ir.cron');
